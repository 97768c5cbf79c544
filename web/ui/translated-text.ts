/**
 * Keeps texts current while the browser translates the page. A translator replaces each text node by a <font> element,
 * and the page goes on writing to the node that was removed. So a removed node returns once its text changes, and the
 * translator translates it again. The element stays if a branch of a component is nothing but a text and is removed while
 * translated; so such a text stands in an element of its own.
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
