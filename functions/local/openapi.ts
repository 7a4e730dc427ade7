// npm run openapi: writes the OpenAPI document that the declarations make.
import { writeFileSync } from 'node:fs';
import { privateOperations, publicOperations } from '../../shared/api.ts';
import { revision } from '../../shared/domain/account/index.ts';
import { openApiDocument } from '../../shared/jsonapi/openapi.ts';

const operations = [...privateOperations, ...publicOperations];
const document = openApiDocument({ operations, title: 'Millrace', version: revision });
writeFileSync('openapi.json', `${JSON.stringify(document, null, 2)}\n`);
console.log(`openapi.json: ${operations.length} operations.`);
