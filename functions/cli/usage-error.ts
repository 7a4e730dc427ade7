/** A command that cannot be run as it was given; its message is for the person who typed it. */
export class UsageError extends Error {}
