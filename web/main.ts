import { mount } from 'svelte'
// Before the components, whose own styles win over these.
import './ui/fonts.css'
import './ui/tokens.css'
import './app/projector.css'
import './ui/base.css'
import './ui/controls.css'
import './ui/layout.css'
import App from './app/App.svelte'
import { reloadForToken } from './live/token.ts'
import { keepTranslatedTextCurrent } from './ui/translated-text.ts'
import './list/list-layouts.css'
import './ui/print.css'
import './ui/forced-colors.css'

const target = document.getElementById('app')
if (!target) throw new Error('the page has no #app')
reloadForToken(window)
keepTranslatedTextCurrent(target)
mount(App, { target })
