/** Where the local system is unless told otherwise, and the key of full access that it always has. */
export const localUrl = 'http://127.0.0.1:3000';
export const localKey = 'pk_beantown_local_development_only';
