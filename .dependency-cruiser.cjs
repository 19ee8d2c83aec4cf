// Who may import whom: core ← runtime, core ← testing, all ← cli, examples, benchmarks. See README, "Where things are".
const packageOf = (name) => `^packages/${name}/|^@kong-ts/${name}(/|$)`

module.exports = {
  forbidden: [
    {
      name: 'core-imports-no-package',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: ['runtime', 'testing', 'cli'].map(packageOf) },
    },
    {
      name: 'core-does-no-io',
      comment: 'core is pure: sockets, files, processes and clocks of the system belong to runtime',
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(async_hooks|zlib|util|net)$' },
    },
    {
      name: 'runtime-and-testing-are-strangers',
      severity: 'error',
      from: { path: '^packages/runtime/src/' },
      to: { path: ['testing', 'cli'].map(packageOf) },
    },
    {
      name: 'testing-and-runtime-are-strangers',
      severity: 'error',
      from: { path: '^packages/testing/src/' },
      to: { path: ['runtime', 'cli'].map(packageOf) },
    },
    {
      name: 'no-reaching-into-a-package',
      comment: "another package's folders are its own business: import what its exports offer",
      severity: 'error',
      from: { path: '^(packages|examples)/([^/]+)/|^benchmarks/' },
      to: {
        path: '^packages/([^/]+)/src/',
        pathNot: ['^packages/$2/', '^packages/[^/]+/src/index[.]ts$', '^packages/testing/src/(gateway/index|vitest)[.]ts$'],
      },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-source',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['kong-ts-source', 'import', 'require', 'node', 'default', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
  },
}
