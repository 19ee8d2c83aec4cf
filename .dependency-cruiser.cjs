// Who may import whom: schema ← core ← runtime; schema, core ← simulator ← testing; all ← cli, examples, benchmarks.
// What needs the whole graph (the serving path, the stair of folders, file sizes) is in scripts/check-boundaries.mjs. See ARCHITECTURE.md.
const ALLOWED = {
  schema: [],
  core: ['schema'],
  runtime: ['core'],
  simulator: ['schema', 'core'],
  testing: ['schema', 'core', 'simulator'],
  cli: ['schema', 'core', 'runtime', 'simulator', 'testing'],
}
const packages = Object.keys(ALLOWED)

const packageImports = packages.map((name) => ({
  name: `${name}-imports-only-${ALLOWED[name].join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: {
    path: packages
      .filter((other) => other !== name && !ALLOWED[name].includes(other))
      .map((other) => `^packages/${other}/|^@kong-ts/${other}(/|$)`)
      .concat('^(examples|benchmarks)/'),
  },
}))

module.exports = {
  forbidden: [
    ...packageImports,
    {
      name: 'schema-does-no-io',
      comment: "schema is Kong's schema language: it gets schemas and configurations as values",
      severity: 'error',
      from: { path: '^packages/schema/src/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(util|net)$' },
    },
    {
      name: 'core-does-no-io',
      comment: 'core is pure: sockets, files, processes and the clocks of the system belong to runtime',
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(async_hooks|zlib|util|net)$' },
    },
    {
      name: 'no-reaching-into-a-package',
      comment: "another package's folders may change without notice: import what the `exports` of its package.json offer",
      severity: 'error',
      from: { path: '^(?:packages|examples)/([^/]+)/|^benchmarks/' },
      to: {
        path: '^packages/([^/]+)/src/',
        pathNot: [
          '^packages/$1/',
          '^packages/(schema|core|runtime|simulator|testing)/src/index[.]ts$',
          '^packages/schema/src/lua[.]ts$',
          '^packages/core/src/(server|tooling)[.]ts$',
          '^packages/simulator/src/gateway/index[.]ts$',
          '^packages/testing/src/(gateway|vitest)[.]ts$',
        ],
      },
    },
    {
      name: 'no-private-entry-in-an-example',
      comment: "what an author reads as an example imports the author's API only",
      severity: 'error',
      from: { path: '^examples/[^/]+/src/' },
      to: { path: ['^packages/core/src/(server|tooling)[.]ts$', '^packages/(schema|simulator)/'] },
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
