// npm run openapi: writes the OpenAPI document that the declarations make, and the page that lists them.
import { writeFileSync } from 'node:fs';
import { extensionOperations, privateOperations, publicOperations } from '../../shared/api.ts';
import { revision } from '../../shared/domain/account/index.ts';
import { openApiDocument } from '../../shared/jsonapi/openapi.ts';
import { apiPage } from './api-page.ts';

const operations = [...privateOperations, ...publicOperations];
const document = openApiDocument({ operations, title: 'Millrace', version: revision });
writeFileSync('openapi.json', `${JSON.stringify(document, null, 2)}\n`);
writeFileSync('docs/api.md', apiPage(operations, extensionOperations));
console.log(`openapi.json, docs/api.md: ${operations.length} operations.`);
