// Lets nodes die and stop in the middle of statements when a test asks for it.
import DshColumns
import DshStore
import DshSystem

extension Cluster {
  /// A statement is about to need a node, or any of them: with chaos switched on one may die or stop just now. It is noticed as any other
  /// death, later; but nobody is blamed for it.
  func chaosStep(at node: NodeIndex? = nil) {
    guard chaos != nil else { return }
    let nodes = handles.values.filter { $0.isReady && !$0.isEnded }.map(\.index).sorted()
    switch chaos?.step(at: node, among: nodes, now: monotonicNanoseconds()) {
    case .kill(let victim):
      handles[victim]?.isEnded = true
      handles[victim]?.process.kill()
    case .stop(let victim): handles[victim]?.process.pause()
    case nil: break
    }
  }

  /// Lets stopped nodes go on that were stopped for long enough.
  func chaosLook() {
    for node in chaos?.look(now: monotonicNanoseconds()) ?? [] { handles[node]?.process.resume() }
  }
}
