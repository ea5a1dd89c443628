// The one line that tells how far a long run has come, and is gone when it ends.

import DshBackend
import DshDiagnostics
import DshSession
import DshRender

/// A line at the bottom of the terminal, drawn over itself.
final class ProgressLine {
  /// Shorter runs show nothing.
  static let delaySeconds = 0.5

  private let stream: TextStream
  private let width: () -> Int?
  /// The characters it is drawn with.
  var drawing = Drawing.unicode
  private var isShown = false

  /// - Parameter width: the terminal's width; without one nothing is drawn.
  init(stream: TextStream, width: @escaping () -> Int?) {
    self.stream = stream
    self.width = width
  }

  /// Draws the line if it is time; told about ten times a second.
  func update(_ progress: RunProgress) {
    guard progress.seconds >= Self.delaySeconds || !progress.silentNodes.isEmpty, let width = width(), width > 1 else { return }
    isShown = true
    stream.text("\r\u{1B}[K" + Self.text(progress, width: width, drawing: drawing))
    stream.flush()
  }

  /// Wipes the line away, if it is there.
  func erase() {
    guard isShown else { return }
    isShown = false
    stream.text("\r\u{1B}[K")
    stream.flush()
  }

  /// `███▌      12 of 40 blocks, 3.20 s; 3.2 M rows/s, 410 MiB/s, about 4 s left; node1 ▰▱; Ctrl-C cancels`, or as much of it as fits.
  static func text(_ progress: RunProgress, width: Int, drawing: Drawing = .unicode) -> String {
    if !progress.silentNodes.isEmpty {
      let names = progress.silentNodes.joined(separator: ", ")
      let ending = "Ctrl-C again ends \(progress.silentNodes.count == 1 ? "it" : "them")"
      let forms = [
        "cancelling: \(names) \(progress.silentNodes.count == 1 ? "doesn't" : "don't") answer; \(ending)", "cancelling; \(ending)",
      ]
      return forms.first { displayWidth($0) < width } ?? cut("cancelling", to: width - 1)
    }
    let share = progress.totalTasks > 0 ? Double(progress.finishedTasks) / Double(progress.totalTasks) : 0
    let bar = padded(drawing.bar(min(1, share), cells: 10), to: 10) + " "
    let counts = "\(groupedText(progress.finishedTasks)) of \(counted(progress.totalTasks, "block")), \(secondsText(progress.seconds))"
    let hint = "; Ctrl-C cancels"
    let rates = rates(progress).map { "; " + $0 } ?? ""
    let rest = secondsLeft(progress).map { ", about \(secondsText($0)) left" } ?? ""
    let lanes = progress.nodes.isEmpty ? "" : "; " + progress.nodes.map { lane($0, drawing) }.joined(separator: " ")
    let forms = [
      bar + counts + rates + rest + lanes + hint, bar + counts + rates + rest + hint, bar + counts + rest + lanes + hint,
      bar + counts + rest + hint, bar + counts + hint, counts + hint,
    ]
    if let fitting = forms.first(where: { displayWidth($0) < width }) { return fitting }
    return cut("\(Int(min(1, share) * 100)) %, \(secondsText(progress.seconds))\(hint)", to: width - 1)
  }

  /// `node1 ▰▱`: a mark for every slot, full while a task is on it.
  private static func lane(_ node: RunProgress.Node, _ drawing: Drawing) -> String {
    let (busy, idle) = drawing == .unicode ? ("▰", "▱") : ("#", "-")
    return
      "\(node.name) \(String(repeating: busy, count: node.runningTasks))\(String(repeating: idle, count: max(0, node.slots - node.runningTasks)))"
  }

  /// Rows and bytes a second since the stage began; nil before anything was read.
  private static func rates(_ progress: RunProgress) -> String? {
    guard progress.seconds > 0, progress.scannedRows > 0 else { return nil }
    let rows = "\(shortCount(Double(progress.scannedRows) / progress.seconds)) rows/s"
    guard progress.scannedBytes > 0 else { return rows }
    return rows + ", \(bytesText(Int(Double(progress.scannedBytes) / progress.seconds)))/s"
  }

  /// The rest, if the blocks that are left take as long as those that are done; nil while too few are done to tell.
  static func secondsLeft(_ progress: RunProgress) -> Double? {
    let isTelling = progress.finishedTasks >= 4 && progress.finishedTasks * 20 >= progress.totalTasks
    guard isTelling, progress.finishedTasks < progress.totalTasks else { return nil }
    let left = progress.seconds * Double(progress.totalTasks - progress.finishedTasks) / Double(progress.finishedTasks)
    // More digits than this would be invented.
    return left < 10 ? max(0.1, (left * 10).rounded() / 10) : left.rounded()
  }

  /// `3.2 M`: a count in three digits or so.
  private static func shortCount(_ count: Double) -> String {
    for (unit, name) in [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")] where count >= unit {
      let tenths = Int((count / unit * 10).rounded())
      return tenths >= 1000 ? "\(tenths / 10)\(name)" : "\(tenths / 10).\(tenths % 10)\(name)"
    }
    return "\(Int(count))"
  }
}
