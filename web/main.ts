import { mount } from 'svelte'
import App from './app/App.svelte'
import { reloadForToken } from './live/token.ts'
import './ui/fonts.css'
import './ui/tokens.css'
import './app/projector.css'
import './ui/base.css'
import './list/list-layouts.css'
import './ui/print.css'
import './ui/forced-colors.css'

const target = document.getElementById('app')
if (!target) throw new Error('the page has no #app')
reloadForToken(window)
mount(App, { target })
