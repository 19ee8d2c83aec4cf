// Breaks one semantic of the model at a time, at random, and prints the breaks that no test notices. Restores every file.
//   node packages/simulator/scripts/mutate-model.mjs [--count 60] [--seed 1] [--only pdk/response]
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import ts from 'typescript'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
})
const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = fileURLToPath(new URL('../src/model', import.meta.url))
const TESTS = [
  'packages/simulator/test/model',
  'packages/testing/test/stand-in',
  'packages/testing/test/plugin-test',
  'packages/testing/test/mock-pdk',
]

const OPERATORS = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.QuestionQuestionToken, '&&'],
])

/** The places of a file that can be changed, each with the text that replaces it. */
function sites(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = []
  const add = (node, text) => found.push({ file, start: node.getStart(source), end: node.getEnd(), text })
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return
    // The text of an error is not a semantic.
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'raise') return
    if (ts.isBinaryExpression(node)) {
      const operator = OPERATORS.get(node.operatorToken.kind)
      if (operator !== undefined) add(node.operatorToken, operator)
    } else if (ts.isNumericLiteral(node)) add(node, String(Number(node.text) + 1))
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false')
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true')
    else if (ts.isStringLiteral(node) && node.text !== '') add(node, JSON.stringify(`${node.text}~`))
    else if (ts.isIfStatement(node)) add(node.expression, `!(${node.expression.getText(source)})`)
    else if (ts.isConditionalExpression(node)) add(node.condition, `!(${node.condition.getText(source)})`)
    else if (ts.isExpressionStatement(node)) add(node, ';')
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

let state = Number(values.seed)
function random(limit) {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((state / 2_147_483_648) * limit)
}

function isNoticed({ file, start, end, text }) {
  const before = readFileSync(file, 'utf8')
  const restore = () => writeFileSync(file, before)
  process.once('exit', restore)
  writeFileSync(file, before.slice(0, start) + text + before.slice(end))
  try {
    const options = { cwd: root, encoding: 'utf8', timeout: 180_000 }
    return spawnSync('npx', ['vitest', 'run', '--bail', '1', '--no-isolate', ...TESTS], options).status !== 0
  } finally {
    restore()
    process.off('exit', restore)
  }
}

const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name.includes(values.only))
  .sort()
  .flatMap((name) => sites(`${folder}/${name}`))
const count = Math.min(Number(values.count), all.length)
const survivors = []
for (let index = 0; index < count; index++) {
  const [site] = all.splice(random(all.length), 1)
  const source = readFileSync(site.file, 'utf8')
  const line = source.slice(0, site.start).split('\n').length
  const change = [source.slice(site.start, site.end), site.text].map((text) => text.slice(0, 60)).join('  ->  ')
  const described = `${relative(root, site.file)}:${line}  ${change}`
  const noticed = isNoticed(site)
  if (!noticed) survivors.push(described)
  console.log(`${noticed ? 'noticed' : 'SURVIVED'}  ${described}`)
}
console.log(`${count - survivors.length} of ${count} noticed`)
