// The OpenAPI document, from the declarations alone. Imported by tools and the local runtime only, never by a Lambda.
import { describeParameters } from './openapi/parameters.ts';
import { gathered } from './openapi/components.ts';
import { type Schema, errorDocument, successContent, toSchema } from './openapi/schemas.ts';
import { mediaType } from './media.ts';
import type { Operation } from './operation.ts';

export interface DocumentOptions {
  operations: readonly Operation<never>[];
  title: string;
  /** The revision spoken. */
  version: string;
  description?: string;
  /** Absolute, without a trailing slash. */
  serverUrl?: string;
}

/** An OpenAPI 3.0.2 document of the operations, ready for JSON. */
export function openApiDocument(options: DocumentOptions): Schema {
  const { operations, title, version, description, serverUrl } = options;
  const paths: Record<string, Schema> = {};
  const schemas: Schema = { ErrorDocument: errorDocument };
  for (const operation of operations) {
    const item = (paths[operation.path] ??= {});
    item[operation.method.toLowerCase()] = gathered(describeOperation(operation, version), schemas);
  }
  return {
    openapi: '3.0.2',
    info: { title, version, ...(description !== undefined && { description }) },
    ...(serverUrl !== undefined && { servers: [{ url: serverUrl }] }),
    tags: [...new Set(operations.map((operation) => operation.tag))].sort().map((name) => ({ name })),
    security: [{ 'Private-Key': [] }],
    paths,
    components: {
      securitySchemes: { 'Private-Key': { type: 'apiKey', in: 'header', name: 'Authorization' } },
      schemas,
      responses: { Error: { description: 'Refused', content: contentOf(errorReference) } },
    },
  };
}

const errorReference = { $ref: '#/components/schemas/ErrorDocument' };
const errorResponse = { $ref: '#/components/responses/Error' };

function describeOperation(operation: Operation<never>, revision: string): Schema {
  const { id, tag, summary, auth, body, media, scopes, tier, query } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    parameters: describeParameters(operation, revision),
    ...(body && { requestBody: { required: true, content: contentOf(toSchema(body), media) } }),
    responses: { ...successes(operation), '4XX': errorResponse, '5XX': errorResponse },
    ...(auth === 'public' && { security: [] }),
    'x-millrace-scopes': scopes,
    'x-millrace-rate-limit': tier,
    ...(query.filter && { 'x-millrace-filters': query.filter }),
  };
}

function successes({ success, query, method }: Operation<never>): Record<string, Schema> {
  const content = successContent(success.shape, query, method === 'GET');
  const response = { description: 'Success', ...(content && { content: contentOf(content) }) };
  return Object.fromEntries([success.status, ...(success.also ?? [])].map((status) => [String(status), response]));
}

function contentOf(schema: Schema, media: string = mediaType): Schema {
  return { [media]: { schema } };
}
