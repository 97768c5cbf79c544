// A classic script, because it must run before the first paint: a module would let the other theme flash.
try {
  const theme = localStorage.getItem('oneport.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A browser that keeps nothing has no chosen theme.
}
