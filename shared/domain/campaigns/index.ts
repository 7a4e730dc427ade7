export { campaignContentOf } from './content.ts';
export { campaignWork, estimateWork, outcomeWork } from './follow.ts';
export { allCampaignOperations } from './operations.ts';
export { takeOutcomes } from './outcomes.ts';
export { progressOperations } from './send-operations.ts';
export { workOnCampaign } from './work.ts';
