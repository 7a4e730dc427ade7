export { defer, type Due } from './defer.ts';
