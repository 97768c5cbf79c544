import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import { LAYERS } from './eslint.boundaries.ts'
import { importRules } from './scripts/lint/plugin.ts'

export default ts.config(
  { ignores: ['dist', 'node_modules', 'coverage', '.svelte-check'] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    rules: {
      'no-undef': 'off', // TypeScript itself checks this better
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'svelte/no-at-html-tags': 'error',
    },
  },
  {
    plugins: { oneport: importRules(import.meta.dirname, LAYERS) },
    rules: { 'oneport/boundaries': 'error', 'oneport/no-cycle': 'error' },
  },
  // Rules that need types. They are listed one by one instead of using the recommended set, so that each is chosen on
  // purpose.
  {
    files: ['**/*.ts', '**/*.svelte'],
    languageOptions: {
      parserOptions: {
        // `projectService` would use the nearest tsconfig.json, but web/tsconfig.json also includes test/web/.
        project: ['tsconfig.json', 'web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['web/**'], languageOptions: { globals: globals.browser } },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  { files: ['bench/**', 'scripts/**'], rules: { 'no-console': 'off' } },
)
