import isEmail from 'validator/lib/isEmail.js';

/** One address and nothing else: quotes, comments, groups and lists are read differently by different mail systems. */
const oneAddress = /^[^\s"(),:;<>@[\\\]\p{Cc}]+@[^\s"(),:;<>@[\\\]\p{Cc}]+$/u;

/** True for an address that mail can be handed over for, as sender or recipient. */
export function isAddress(text: string): boolean {
  return oneAddress.test(text) && isEmail.default(text);
}
