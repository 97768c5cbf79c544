import ts from 'typescript'

/** One place where a file names another module: `import`, `import()`, `export … from`, `import type` or the type `import('…')`. */
export interface Import {
  specifier: string
  /** Nothing is loaded at run time. */
  typeOnly: boolean
  /** Where the specifier is in the file. */
  start: number
  end: number
}

/** Every import of a .ts, .js or .svelte file. */
export function importsOf(path: string, code: string): Import[] {
  const script = path.endsWith('.svelte') ? withoutMarkup(code) : code
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }
  const source = ts.createSourceFile(path, script, options, false, ts.ScriptKind.TS)
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    found.push({ specifier: specifier.text, typeOnly, start: specifier.getStart(source), end: specifier.end })
  }
  const visit = (node: ts.Node): void => {
    // `import { type A }` loads the module: `verbatimModuleSyntax` keeps the import and drops the name only.
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === TYPE)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    if (inDepth) ts.forEachChild(node, visit)
  }
  // Declarations stand at the top, so most files need no deeper look.
  const inDepth = CALL.test(script)
  source.statements.forEach(visit)
  return found
}

const TYPE = ts.SyntaxKind.TypeKeyword
const CALL = /\bimport\s*\(/
const SCRIPTS = /(?<=<script\b[^>]*>)[\s\S]*?(?=<\/script>)|\bimport\s*\(\s*(['"`])[^'"`]*\1\s*\)/g

/** A component's scripts, and each `import()` of its markup. All else is blank, so that positions stay right. */
function withoutMarkup(code: string): string {
  let script = ''
  for (const { 0: part, index } of code.matchAll(SCRIPTS)) {
    script += code.slice(script.length, index).replace(/\S/g, ' ') + part
  }
  return script
}
