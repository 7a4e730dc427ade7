import { describe, expect, it } from 'vitest';
import { readTemplate, type Template } from '../../functions/rehearse/template.ts';

const addresses = { aws: 'http://127.0.0.1:4000', publicHost: '127.0.0.1:3000' };
const read = (Resources: Template['Resources']) => readTemplate({ Resources }, 'Shop', addresses);

/** The properties of a function with this environment, resolved. */
function resolved(variables: Record<string, unknown>): unknown {
  const deployed = read({
    Work: { Type: 'AWS::SQS::Queue' },
    Items: { Type: 'AWS::DynamoDB::GlobalTable' },
    Net: { Type: 'AWS::CloudFront::Distribution' },
    Do: { Type: 'AWS::Lambda::Function', Properties: variables },
  });
  return deployed.ofType('AWS::Lambda::Function')[0]?.properties;
}

describe('a template', () => {
  it('has its references resolved as CloudFormation resolves them', () => {
    const arn = { 'Fn::GetAtt': ['Items', 'Arn'] };
    expect(
      resolved({
        url: { Ref: 'Work' },
        table: { Ref: 'Items' },
        index: { 'Fn::Join': ['', [arn, '/index/feed']] },
        site: { 'Fn::Sub': 'https://${Net.DomainName}/${AWS::Region}' },
        part: { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] },
        list: [{ Ref: 'AWS::AccountId' }, 7],
      }),
    ).toEqual({
      url: 'http://127.0.0.1:4000/000000000000/Shop-Work',
      table: 'Shop-Items',
      index: 'arn:aws:dynamodb:us-east-1:000000000000:table/Shop-Items/index/feed',
      site: 'https://127.0.0.1:3000/us-east-1',
      part: 'b',
      list: ['000000000000', 7],
    });
  });

  it.each([
    ['a function', { x: { 'Fn::ImportValue': 'Other' } }, 'Fn::ImportValue'],
    ['an attribute', { x: { 'Fn::GetAtt': ['Work', 'Colour'] } }, 'Fn::GetAtt Work.Colour'],
    ['a resource', { x: { Ref: 'Nobody' } }, 'Nobody'],
    ['a Fn::Sub with variables', { x: { 'Fn::Sub': ['${a}', { a: 1 }] } }, 'Fn::Sub'],
  ])('stops at %s that it does not know, by its name', (_, variables, name) => {
    expect(() => resolved(variables)).toThrow(name);
  });

  it('stops at a type of resource that it does not know, by its name', () => {
    expect(() => read({ Cache: { Type: 'AWS::ElastiCache::CacheCluster' } })).toThrow('AWS::ElastiCache::CacheCluster');
  });
});
