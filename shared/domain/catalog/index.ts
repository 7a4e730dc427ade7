export { backInStockMetric, backInStockOperations, clientBackInStockOperations } from './back-in-stock.ts';
export { catalogJobOperations } from './bulk-operations.ts';
export { catalogWorkers } from './bulk-work.ts';
export { type Cleared, clearEntry } from './clear.ts';
export { compoundId, externalIdOf } from './compound-id.ts';
export { entryOperations } from './entry-operations.ts';
export { stockIn, stockOf } from './stock.ts';
export { catalogRelationshipOperations } from './relationship-operations.ts';
export { type ShownItem, shownItem } from './shown-item.ts';
