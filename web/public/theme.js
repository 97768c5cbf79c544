// A classic script, because it must run before the first paint: a module would let the other theme flash.
{
  const theme = localStorage.getItem('oneport.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}
