export { grantEmail, suppressEmail, withdrawEmail } from './email.ts';
export { subscriptionWorkers } from './jobs.ts';
export { listDocument, readList } from './lists.ts';
export { memberDocuments, memberLinkage, memberQuery, membersOf } from './members.ts';
export { addToList, countMembers, emptyList, joinList } from './membership.ts';
export { listOperations, listResource, listsOfProfile, memberResource } from './resources.ts';
export { subscriptionOperations } from './subscription-jobs.ts';
