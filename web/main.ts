import { mount } from 'svelte'
import App from './App.svelte'
import { reloadForToken } from './lib/token.ts'
import './styles/fonts.css'
import './styles/tokens.css'
import './styles/projector.css'
import './styles/base.css'
import './styles/list-layouts.css'
import './styles/print.css'
import './styles/forced-colors.css'

const target = document.getElementById('app')
if (!target) throw new Error('the page has no #app')
reloadForToken(window)
mount(App, { target })
