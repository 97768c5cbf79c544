/**
 * Keeps texts current while the browser translates the page. A translator replaces each text node by a <font> element,
 * but the page still writes to the removed node. This function puts a removed node back once its text changes, and the
 * translator translates it again. It cannot remove the <font> of a component's branch that consists of a text alone, so
 * components wrap such a text in an element.
 */
export function keepTranslatedTextCurrent(root: Node): void {
  const replacements = new WeakMap<Node, Element>()
  const texts = new MutationObserver((records) => {
    for (const { target } of records) {
      const font = replacements.get(target)
      if (font?.isConnected) font.replaceWith(target)
    }
  })
  const nodes = new MutationObserver((records) => {
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      for (const text of removedNodes) {
        // The translator replaces the node, or inserts the element beside it and then removes it.
        const font = text.nodeType === Node.TEXT_NODE && [...addedNodes, previousSibling, nextSibling].find(isFont)
        if (!font) continue
        replacements.set(text, font)
        texts.observe(text, { characterData: true })
      }
    }
  })
  nodes.observe(root, { childList: true, subtree: true })
}

/** The page itself has no such elements. */
function isFont(node: Node | null): node is Element {
  return node?.nodeName === 'FONT'
}
