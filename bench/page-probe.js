// Runs in the page before its own scripts, and records times that are only visible there. All times are in
// milliseconds since the Unix epoch, with fractions, like those of the client process.
;(() => {
  const now = () => performance.timeOrigin + performance.now()
  const probe = { painted: {}, usableAt: null, longTasks: [] }
  window.oneportProbe = probe
  const waiting = new Set()

  const queueTask = (callback) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = callback
    port2.postMessage(null)
  }

  // Changes made in an animation frame are painted at the end of that frame; other changes are painted with the next
  // frame.
  let inFrame = false
  const requestFrame = requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (callback) =>
    requestFrame((time) => {
      inFrame = true
      queueTask(() => (inFrame = false))
      callback(time)
    })

  // A task queued in a frame runs after its paint. Raster and display come even later, but the page cannot observe
  // them.
  const afterPaint = (callback) => (inFrame ? queueTask(callback) : requestFrame(() => queueTask(callback)))

  const see = (element) => {
    const id = element.dataset.connectionId
    if (id === undefined || id in probe.painted || waiting.has(id)) return
    waiting.add(id)
    afterPaint(() => {
      waiting.delete(id)
      probe.painted[id] = now()
      if (probe.usableAt === null && document.documentElement.dataset.link === 'live') probe.usableAt = now()
    })
  }

  new MutationObserver((mutations) => {
    for (const { target, addedNodes } of mutations) {
      see(target)
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue
        see(node)
        for (const row of node.querySelectorAll('[data-connection-id]')) see(row)
      }
    }
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-connection-id'] })

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      probe.longTasks.push({ at: performance.timeOrigin + startTime, ms: duration })
    }
  }).observe({ type: 'longtask', buffered: true })
})()
