import type { Operation } from '../../jsonapi/operation.ts';
import type { Context } from '../context.ts';
import { campaignOperations } from './campaign-operations.ts';
import { messageOperations } from './message-operations.ts';
import { sendOperations } from './send-operations.ts';

/** The operations of the contract on campaigns. */
export const allCampaignOperations: readonly Operation<Context>[] = [
  ...campaignOperations,
  ...messageOperations,
  ...sendOperations,
];
