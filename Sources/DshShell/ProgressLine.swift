// The one line that tells how far a long run has come, and is gone when it ends.

import DshDiagnostics
import DshSession

/// A line at the bottom of the terminal, drawn over itself.
final class ProgressLine {
  /// Shorter runs show nothing.
  static let delaySeconds = 0.5
  /// Redrawing more often than this is only flicker.
  static let intervalSeconds = 0.1

  private let stream: TextStream
  private let width: () -> Int?
  private var lastSeconds = 0.0
  private var isShown = false

  /// - Parameter width: the terminal's width; without one nothing is drawn.
  init(stream: TextStream, width: @escaping () -> Int?) {
    self.stream = stream
    self.width = width
  }

  /// Draws the line if it is time.
  func update(_ progress: RunProgress) {
    guard progress.seconds >= Self.delaySeconds, progress.seconds < lastSeconds || progress.seconds - lastSeconds >= Self.intervalSeconds || !isShown,
      let width = width(), width > 1
    else { return }
    lastSeconds = progress.seconds
    isShown = true
    stream.text("\r\u{1B}[K" + Self.text(progress, width: width))
    stream.flush()
  }

  /// Wipes the line away, if it is there.
  func erase() {
    guard isShown else { return }
    isShown = false
    stream.text("\r\u{1B}[K")
    stream.flush()
  }

  /// `███▌      12 of 40 tasks, 1.20 s; Ctrl-C cancels`, or as much of it as fits.
  static func text(_ progress: RunProgress, width: Int) -> String {
    let time = secondsText(progress.seconds)
    let counts = "\(groupedText(progress.finished)) of \(groupedText(progress.total)) tasks, \(time); Ctrl-C cancels"
    let share = progress.total > 0 ? min(100, progress.finished * 100 / progress.total) : 0
    for line in ["\(bar(progress, cells: 20)) \(counts)", "\(bar(progress, cells: 10)) \(counts)", counts] where displayWidth(line) < width {
      return line
    }
    return cut("\(share) %, \(time); Ctrl-C cancels", to: width - 1)
  }

  private static func bar(_ progress: RunProgress, cells: Int) -> String {
    let eighths = progress.total > 0 ? min(cells * 8, progress.finished * cells * 8 / progress.total) : 0
    let bar = String(repeating: "█", count: eighths / 8) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return padded(bar, to: cells)
  }
}
