// S3: fauxqs, in this process, with the template's buckets in it.
import { startFauxqs } from 'fauxqs';
import { forward } from './forward.ts';
import type { Act } from './iam.ts';
import type { Deployed } from './template.ts';
import { type AwsRequest, type Service, unknownOperation } from './wire.ts';

/** The buckets of the template. */
export async function startFiles(deployed: Deployed): Promise<{ service: Service; stop: () => Promise<void> }> {
  const server = await startFauxqs({ port: 0, logger: false });
  for (const { ref } of deployed.ofType('AWS::S3::Bucket')) {
    await forward(server.address, { method: 'PUT', target: `/${ref}`, headers: {}, body: Buffer.alloc(0) });
  }
  return {
    service: {
      acts: actsOf,
      async answer(request, demand) {
        const answer = await forward(server.address, request);
        // Only who may list the bucket is told that a key is not there.
        if (answer.status === 404) demand([{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucketOf(request)}` }]);
        return answer;
      },
      xml: 's3',
    },
    stop: () => server.stop(),
  };
}

const bucketOf = ({ target }: AwsRequest) => target.split(/[/?]/)[1] ?? '';

const actions: Readonly<Record<string, string>> = {
  GET: 's3:GetObject',
  PUT: 's3:PutObject',
  DELETE: 's3:DeleteObject',
};

function actsOf({ method, target, headers }: AwsRequest): Act[] {
  const [path = ''] = target.split('?');
  const action = actions[method];
  if (action === undefined || path.split('/').length < 3) throw unknownOperation('S3', `${method} ${path}`);
  const resource = `arn:aws:s3:::${decodeURIComponent(path.slice(1))}`;
  const tagging = headers['x-amz-tagging'] === undefined ? [] : [{ action: 's3:PutObjectTagging', resource }];
  return [{ action, resource }, ...tagging];
}
