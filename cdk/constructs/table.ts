import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableV2,
  TableEncryptionV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { type IndexName, type IndexSpec, table } from '../../shared/storage/table.ts';
import type { Stage } from '../config.ts';

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

const indexes: readonly (readonly [string, IndexSpec])[] = Object.entries(table.indexes);

/** The names of the indexes, for the statements that read them. */
export const indexNames = indexes.map(([name]) => name as IndexName);

/** The single table as shared/storage/table.ts describes it. It outlives the stack. */
export function addTable(scope: Construct, stage: Stage): TableV2 {
  return new TableV2(scope, 'Table', {
    partitionKey: text(table.partition),
    sortKey: text(table.sort),
    timeToLiveAttribute: table.ttl,
    localSecondaryIndexes: indexes
      .filter(([, spec]) => spec.kind === 'local')
      .map(([indexName, spec]) => ({ indexName, sortKey: text(spec.sort), ...projectionOf(spec) })),
    globalSecondaryIndexes: indexes
      .filter(([, spec]) => spec.kind === 'global')
      .map(([indexName, spec]) => ({
        indexName,
        partitionKey: text(spec.partition),
        sortKey: text(spec.sort),
        ...projectionOf(spec),
      })),
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: stage.protectTable,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function projectionOf(spec: IndexSpec) {
  if (spec.projects === 'keys') return { projectionType: ProjectionType.KEYS_ONLY };
  return { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...spec.projects] };
}
