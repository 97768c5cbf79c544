// Runs in the page before its own scripts, and takes the times that only the page can take.
// All times are milliseconds since the Unix epoch, with fractions: the client's process takes the same clock.
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

  // What the page changes in an animation frame is painted at the end of that frame; what it changes outside one, in the next.
  let inFrame = false
  const requestFrame = requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (callback) =>
    requestFrame((time) => {
      inFrame = true
      queueTask(() => (inFrame = false))
      callback(time)
    })

  // A task queued in a frame runs after its paint. (Raster and display follow, and nothing in the page can see them.)
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
