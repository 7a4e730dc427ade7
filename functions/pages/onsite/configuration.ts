/** Whose script this is, and where its calls go: the server puts it in front of the script. */
export interface Configuration {
  /** The company id. */
  company: string;
  /** The origin of the API, without a trailing slash. */
  api: string;
}

declare const configuration: Configuration;

export const { company, api } = configuration;
