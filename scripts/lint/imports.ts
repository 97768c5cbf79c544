import ts from 'typescript'

/** An import of any form: `import`, `import()`, `export … from`, `import type`, or the type `import('…')`. */
export interface Import {
  specifier: string
  /** True if nothing is loaded at run time. */
  typeOnly: boolean
  /** The specifier's position in the file. */
  start: number
  end: number
}

/** Finds every import of a .ts, .js or .svelte file. */
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
    // `import { type A }` still loads the module: with `verbatimModuleSyntax` only the name is dropped.
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === TYPE)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    if (inDepth) ts.forEachChild(node, visit)
  }
  // Imports and exports are top-level statements, so only a file with `import(` needs a full walk.
  const inDepth = CALL.test(script)
  source.statements.forEach(visit)
  return found
}

const TYPE = ts.SyntaxKind.TypeKeyword
const CALL = /\bimport\s*\(/
const SCRIPTS = /(?<=<script\b[^>]*>)[\s\S]*?(?=<\/script>)|\bimport\s*\(\s*(['"`])[^'"`]*\1\s*\)/g

/** Keeps a component's scripts and the `import()` calls in its markup. Blanks out the rest, so that positions stay correct. */
function withoutMarkup(code: string): string {
  let script = ''
  for (const { 0: part, index } of code.matchAll(SCRIPTS)) {
    script += code.slice(script.length, index).replace(/\S/g, ' ') + part
  }
  return script
}
