export { refuseUnlessHttps } from './address.ts';
export { feedNamed } from './content.ts';
export { webFeedOperations } from './operations.ts';
export { xmlReader } from './xml.ts';
