// The import arrow: cdk and functions point at shared, adapters are leaves, the kernel imports nothing.
const forbid = (name, from, to) => ({ name, severity: 'error', from, to });
const npm = (names) => ({ path: `^(node_modules/)?(${names})` });

module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }),
    forbid(
      'kernel-imports-nothing',
      { path: '^shared/kernel/' },
      { pathNot: ['^shared/kernel/', '^node:', '^(crypto|util|url)$'] },
    ),
    forbid(
      'jsonapi-knows-no-domain',
      { path: '^shared/jsonapi/' },
      { path: '^shared/', pathNot: '^shared/(jsonapi|kernel)/' },
    ),
    forbid(
      'domain-knows-no-delivery',
      { path: '^shared/domain/' },
      { path: '^shared/(adapters/|lambda/|topology|env|api)' },
    ),
    forbid(
      'areas-meet-at-the-front-door',
      { path: '^shared/domain/([^/]+)/' },
      {
        path: '^shared/domain/',
        pathNot: ['^shared/domain/$1/', '^shared/domain/[^/]+/index\\.ts$', '^shared/domain/context\\.ts$'],
      },
    ),
    forbid(
      'adapters-are-strangers',
      { path: '^shared/adapters/([^/]+)/' },
      { path: '^shared/(adapters|domain|lambda|jsonapi)/', pathNot: '^shared/adapters/$1/' },
    ),
    forbid('aws-sdk-only-in-its-adapter', { pathNot: '^(shared/adapters/aws|test)/' }, npm('@aws-sdk/|@smithy/')),
    forbid('middy-only-in-lambda', { pathNot: '^(shared/lambda|test)/' }, npm('@middy/')),
    forbid('cdk-lib-only-in-cdk', { pathNot: '^(cdk|test)/' }, npm('aws-cdk-lib|constructs|cdk-nag')),
    forbid(
      'cdk-reads-only-the-description',
      { path: '^cdk/' },
      { path: '^(shared|functions)/', pathNot: '^shared/(topology|env|storage/table)\\.ts$' },
    ),
    forbid('shared-is-below', { path: '^shared/' }, { path: '^(functions|cdk)/' }),
    forbid(
      'functions-are-strangers',
      { path: '^functions/([^/]+)/', pathNot: '^functions/(local|rehearse)/' },
      { path: '^functions/', pathNot: '^functions/$1/' },
    ),
    forbid(
      'only-entries-choose-adapters',
      { path: '^functions/', pathNot: ['/handler\\.ts$', '^functions/(local|rehearse|cli)/'] },
      { path: '^shared/adapters/' },
    ),
    forbid('local-is-not-aws', { path: '^functions/(local|rehearse)/' }, { path: '^shared/adapters/aws/' }),
    forbid('no-tests-in-product', { path: '^(shared|functions|cdk)/' }, { path: '^test/' }),
    forbid(
      'no-orphans',
      {
        orphan: true,
        pathNot: [
          '/handler\\.ts$',
          '^cdk/(app|rehearsal)\\.ts$',
          '^functions/(local|rehearse)/(main|container)\\.ts$',
          '\\.test\\.ts$',
        ],
      },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
