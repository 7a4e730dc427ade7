import type { Ports } from '../../ports.ts';

/** What the making and finding of accounts and keys needs: the command line has no more than this. */
export type Registry = Pick<Ports, 'store' | 'ids' | 'clock'>;
