import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist', 'node_modules', 'coverage', '.svelte-check'] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    rules: {
      'no-undef': 'off', // TypeScript's own check is better
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'svelte/no-at-html-tags': 'error',
    },
  },
  // Imports point one way: web -> shared <- server. See ARCHITECTURE.md.
  {
    files: ['shared/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['**/server/**', '**/web/**', 'node:*'] }] },
  },
  {
    files: ['web/**'],
    languageOptions: { globals: globals.browser },
    rules: { 'no-restricted-imports': ['error', { patterns: ['**/server/**', 'node:*'] }] },
  },
  serverImports('server/**', []),
  // Inside the server facts flow from listener over table to http; app.ts hands them all else.
  serverImports('server/listener/**', ['table', 'kernel', 'http']),
  serverImports('server/table/**', ['http']),
  serverImports('server/kernel/**', ['listener', 'table', 'http']),
  serverImports('server/http/**', ['listener', 'kernel']),
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  { files: ['bench/**', 'scripts/**'], rules: { 'no-console': 'off' } },
)

function serverImports(files, folders) {
  const patterns = ['web', 'test', ...folders].map((folder) => `**/${folder}/**`)
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns }] } }
}
