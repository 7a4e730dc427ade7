import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from '../config.ts';

const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
};

const jobFilesDays = 14;

/** Takes the access logs of the files and of the distribution, and forgets them after the stage's time. */
export function addLogsBucket(scope: Construct, stage: Stage): IBucket {
  const bucket = new Bucket(scope, 'Logs', {
    ...closed,
    // CloudFront delivers its logs by an access-control list.
    objectOwnership: ObjectOwnership.OBJECT_WRITER,
    lifecycleRules: [{ expiration: Duration.days(stage.logDays) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // The library's own types part under exactOptionalPropertyTypes: a Bucket is an IBucket.
  return bucket as IBucket;
}

/**
 * Bodies that are too large for an item. Not versioned: what a person asks us to forget must be gone, and every key is
 * written once, so that there is no older version to go back to. It outlives the stack.
 */
export function addFilesBucket(scope: Construct, logs: IBucket): Bucket {
  return new Bucket(scope, 'Files', {
    ...closed,
    lifecycleRules: [
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      // The input of bulk jobs lists people: it goes after the job itself, which the table's TTL removes.
      { tagFilters: { kind: 'jobs' }, expiration: Duration.days(jobFilesDays) },
      // Documents that feeds were pulled from, and what their runs report.
      { tagFilters: { kind: 'catalog-feeds' }, expiration: Duration.days(jobFilesDays) },
    ],
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: 'files/',
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
