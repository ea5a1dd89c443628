// Shows what is larger than the terminal through a pager such as less; what fits is written as it is.

import DshDiagnostics
import DshSystem
import DshRender

/// Collects one result until it is known to be too large, and streams it to the pager from there on.
///
/// Belongs to the thread of the shell.
final class Pager {
  /// A result that takes longer to come than this many bytes is not kept back any more.
  static let heldLimitBytes = 4 << 20

  private let program: PagerProgram
  private(set) var columns = 80
  private var rows = 24
  private var isTable = false
  private var held: [UInt8] = []
  private var size = TextSize()
  private var process: ChildProcess?
  private var input: PipeWriter?

  /// Whether the person has left the pager while there was more to come.
  var wasLeft: Bool { input?.isBroken ?? false }

  /// Called before the pager reads keys: what was typed until then is not meant for it.
  private let willStart: () -> Void

  init(_ program: PagerProgram, willStart: @escaping () -> Void = {}) {
    self.program = program
    self.willStart = willStart
  }

  /// A result begins.
  ///
  /// - Parameter isTable: whether its lines are rows of cells, which are unreadable when broken: they are scrolled sideways instead.
  func begin(isTable: Bool) {
    self.isTable = isTable
    (columns, rows) = terminalSize(1) ?? (80, 24)
    held = []
    size = TextSize()
  }

  /// Takes a part of it.
  func take(_ bytes: UnsafeRawBufferPointer) {
    if let input {
      input.write(bytes)
      return
    }
    held += bytes
    size.add(bytes)
    // The prompt comes below: a text of as many lines as the terminal has does not fit.
    let isTooLarge = isTable ? size.lines >= rows || size.widest > columns : size.wrappedLines(columns) >= rows
    if isTooLarge || held.count > Self.heldLimitBytes { start() }
  }

  /// The result is complete: if it is too large, this waits until the person leaves the pager.
  ///
  /// - Returns: what fits, to be written as it is.
  func end() -> [UInt8] {
    defer { held = [] }
    if let process {
      input = nil
      _ = process.collect(wait: true)
      self.process = nil
    }
    return held
  }

  private func start() {
    willStart()
    do throws(Diagnostic) {
      let pipe = try Pipe()
      // It belongs to the terminal's foreground group, so that it gets Ctrl-C as it expects; the shell only notes that.
      process = try ChildProcess(
        path: "/bin/sh", arguments: ["sh", "-c", program.command],
        environment: program.environment(of: environmentEntries(), isTable: isTable),
        input: .descriptor(pipe.readNumber), output: .inherited, errorOutput: .inherited, ownGroup: false)
      input = pipe.intoWriter()
      held.withUnsafeBytes { input?.write($0) }
      held = []
    } catch {
      // No pager: the text is shown all the same.
      process = nil
      rows = .max
      columns = .max
    }
  }
}

/// How many lines and cells a text takes, found out as it comes.
struct TextSize: Hashable {
  private(set) var lines = 0
  private(set) var widest = 0
  /// The widths of the lines that are wider than a very narrow terminal.
  private var wide: [Int] = []
  private var current = 0
  private var isEscape = false

  private static let narrowestColumns = 20

  /// The lines it takes on a terminal of `columns` cells that breaks long ones.
  func wrappedLines(_ columns: Int) -> Int { wide.reduce(lines) { $0 + ($1 - 1) / max(1, columns) } }

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if isEscape {
        // Colours end in a letter and take no room.
        if (0x40...0x7E).contains(byte), byte != UInt8(ascii: "[") { isEscape = false }
      } else if byte == UInt8(ascii: "\n") {
        lines += 1
        if current > Self.narrowestColumns { wide.append(current) }
        current = 0
      } else if byte == 0x1B {
        isEscape = true
      } else if byte & 0xC0 != 0x80 {
        current += 1
        widest = max(widest, current)
      }
    }
  }
}
