import { Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { onsiteScript } from '../../shared/topology.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../config.ts';

/** Added by CloudFront for headers that a cache policy names; at most ten may be named. */
const viewerHeaders = [
  'CloudFront-Viewer-Address',
  'CloudFront-Viewer-Country',
  'CloudFront-Viewer-Country-Region',
  'CloudFront-Viewer-City',
  'CloudFront-Viewer-Postal-Code',
  'CloudFront-Viewer-Latitude',
  'CloudFront-Viewer-Longitude',
  'CloudFront-Viewer-Time-Zone',
];

/** Errors that CloudFront would keep for ten seconds although nothing else is cached. */
const errors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** The distribution in front of the API, and the URL at which people reach it. */
export function addCdn(scope: Construct, stage: Stage, { apiHost, logs }: { apiHost: string; logs: IBucket }) {
  const { domain, webAclArn } = stage;
  const origin = new HttpOrigin(apiHost, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
  });
  const distribution = new Distribution(scope, 'Cdn', {
    comment: `Millrace ${stage.name}`,
    defaultBehavior: {
      origin,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      // No redirect: a client that sends its key in the clear should find out.
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: neverCache(scope),
      // API Gateway answers to its own host name only.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
    },
    additionalBehaviors: {
      // The same for everyone: kept at the edge for as long as the function says.
      [onsiteScript.paths]: {
        origin,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
      },
    },
    errorResponses: errors.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    httpVersion: HttpVersion.HTTP2_AND_3,
    logBucket: logs,
    logFilePrefix: 'cdn/',
    ...(domain && {
      domainNames: [domain.name],
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      certificate: Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn),
    }),
    ...(webAclArn !== undefined && { webAclId: webAclArn }),
  });
  acknowledge(distribution, 'AwsSolutions-CFR1', 'The product serves customers of every country.');
  if (webAclArn === undefined) {
    const reason =
      'A web ACL for CloudFront lives in us-east-1 and is made outside this stack: webAclArn in cdk/config.ts.';
    acknowledge(distribution, 'AwsSolutions-CFR2', reason);
  }
  if (!domain) {
    const reason = 'The stage has no domain of its own, and the certificate of *.cloudfront.net cannot demand TLS 1.2.';
    acknowledge(distribution, 'AwsSolutions-CFR4', reason);
  }
  return { publicUrl: `https://${domain?.name ?? distribution.distributionDomainName}` };
}

/**
 * Nothing is cached unless a function says so with a max-age, and then for a second. The policy exists because only a
 * policy with some time to live may name headers, and only headers that a policy names are added by CloudFront.
 */
function neverCache(scope: Construct): CachePolicy {
  return new CachePolicy(scope, 'NeverCache', {
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.seconds(1),
    headerBehavior: CacheHeaderBehavior.allowList('Authorization', 'Origin', ...viewerHeaders),
    queryStringBehavior: CacheQueryStringBehavior.all(),
    cookieBehavior: CacheCookieBehavior.all(),
  });
}
