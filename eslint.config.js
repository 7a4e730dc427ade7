import tseslint from 'typescript-eslint';

const outsideWorld = [
  { object: 'Date', property: 'now', message: 'Take the time from the clock port.' },
  { object: 'Math', property: 'random', message: 'Take randomness from the ids port.' },
];

export default tseslint.config(
  { ignores: ['node_modules', 'cdk.out', 'coverage', '*.cjs', '*.js'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
    },
  },
  {
    files: ['shared/**', 'functions/**'],
    ignores: [
      ...['shared/adapters/**', 'functions/local/**', 'functions/rehearse/**', 'functions/cli/**'],
      // Runs in browsers, whose page is its outside world.
      'functions/pages/onsite/**',
    ],
    rules: {
      'no-restricted-properties': ['error', ...outsideWorld],
      'no-restricted-globals': ['error', 'fetch', 'setTimeout', 'setInterval', 'process'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Take the time from the clock port.',
        },
      ],
    },
  },
  {
    // The SDK's models are classes; it takes plain objects for them, as its own documentation does.
    files: ['functions/local/{story,shop}.ts', 'test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
    },
  },
  {
    // Tables of what lies in the database, one entry after the other.
    files: ['shared/storage/{items,patterns}.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
