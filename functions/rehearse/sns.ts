// SNS mobile push: makes endpoints for tokens, takes what is published to them, and keeps it. It speaks forms and XML.
import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { MemoryPush } from '../../shared/adapters/memory/push.ts';
import type { Clock } from '../../shared/ports.ts';
import { arnOf } from './names.ts';
import { AwsError, type AwsAnswer, type AwsRequest, type Service, unknownOperation } from './wire.ts';

const payload = z.object({ default: z.string() });

/** What an endpoint stands for. */
interface Endpoint {
  application: string;
  token: string;
}

const endpointOf = ({ application, token }: Endpoint) =>
  arnOf(
    'sns',
    `endpoint/${application.split('/').slice(1).join('/')}/${createHash('sha256').update(token).digest('hex').slice(0, 32)}`,
  );

/** Takes what is published to any endpoint that was made here. */
export function createNotifications({ clock }: { clock: Clock }): { service: Service; inbox: MemoryPush['inbox'] } {
  const inbox: MemoryPush['inbox'][number][] = [];
  const endpoints = new Map<string, Endpoint>();

  function make(form: URLSearchParams): string {
    const endpoint = { application: form.get('PlatformApplicationArn') ?? '', token: form.get('Token') ?? '' };
    const arn = endpointOf(endpoint);
    endpoints.set(arn, endpoint);
    return `<EndpointArn>${arn}</EndpointArn>`;
  }

  function publish(form: URLSearchParams): string {
    const endpoint = endpoints.get(form.get('TargetArn') ?? '');
    if (!endpoint) throw new AwsError('InvalidParameter', 'There is no such endpoint.');
    const { default: body } = payload.parse(JSON.parse(form.get('Message') ?? ''));
    const id = randomUUID();
    const device = { ...endpoint, platform: 'android' as const };
    inbox.push({ id, at: clock.now(), devices: [device], title: '', body, data: {}, tags: {} });
    return `<MessageId>${id}</MessageId>`;
  }

  const operations: Readonly<Record<string, (form: URLSearchParams) => string>> = {
    CreatePlatformEndpoint: make,
    Publish: publish,
  };

  return {
    inbox,
    service: {
      xml: 'query',
      acts(request) {
        const form = formOf(request);
        const resource = form.get('PlatformApplicationArn') ?? form.get('TargetArn') ?? '';
        return [{ action: `sns:${form.get('Action') ?? ''}`, resource }];
      },
      answer(request) {
        const form = formOf(request);
        const name = form.get('Action') ?? '';
        const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
        if (!operation) throw unknownOperation('SNS', name);
        return answerOf(name, operation(form));
      },
    },
  };
}

const formOf = ({ body }: AwsRequest) => new URLSearchParams(body.toString('utf8'));

const answerOf = (name: string, result: string): AwsAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: `<${name}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${name}Result>${result}</${name}Result></${name}Response>`,
});
