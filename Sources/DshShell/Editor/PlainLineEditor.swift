// Reads statements line by line where there is no terminal that could be painted on.

import DshDiagnostics
import DshLanguage
import DshSystem

/// The editor of dumb terminals and pipes: the kernel edits, if anybody does.
public final class PlainLineEditor: LineEditor {
  private let host: any EditorHost
  private let interrupt: EventDescriptor
  private let showsPrompts: Bool
  private var bytes: [UInt8] = []
  private var inputHasEnded = false
  private var inputFailure: Diagnostic?

  /// - Parameters:
  ///   - interrupt: raised by Ctrl-C, which drops the lines typed so far.
  ///   - showsPrompts: whether a person is typing.
  public init(host: any EditorHost, interrupt: EventDescriptor, showsPrompts: Bool) {
    self.host = host
    self.interrupt = interrupt
    self.showsPrompts = showsPrompts
  }

  public func remember(_ statement: String) {}

  public func feed(_ typed: [UInt8]) { bytes += typed }

  public func readStatement() -> EditorResult {
    var text = ""
    prompt(primaryPrompt)
    while true {
      switch readLine() {
      case .interrupted:
        bytes = []
        prompt("\n")
        return .cancelled
      case .failed(let error): return .failed(error)
      case .ended: return text.isEmpty ? .endOfInput : .statement(text)
      case .line(let line):
        text += (text.isEmpty ? "" : "\n") + line
        guard case .incomplete(let open) = host.completeness(of: text), !(showsPrompts && line.allSatisfy(\.isWhitespace) && !open.isQuote)
        else {
          return .statement(text)
        }
        prompt(continuationPrompt(open: open.symbol))
      }
    }
  }

  private enum LineResult { case line(String), ended, interrupted, failed(Diagnostic) }

  private func readLine() -> LineResult {
    while true {
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: bytes[..<end], as: UTF8.self)
        bytes.removeFirst(end + 1)
        return .line(line.hasSuffix("\r") ? String(line.dropLast()) : line)
      }
      if inputHasEnded {
        if let inputFailure { return .failed(inputFailure) }
        if bytes.isEmpty { return .ended }
        defer { bytes = [] }
        return .line(String(decoding: bytes, as: UTF8.self))
      }
      var entries = [PollEntry(0), PollEntry(interrupt.number)] + host.eventDescriptors.map { PollEntry($0) }
      pollOrEnd(&entries, milliseconds: -1)
      if entries[1].isReadable {
        interrupt.take()
        return .interrupted
      }
      if entries.dropFirst(2).contains(where: \.isReadable) { host.handleEvents() }
      if entries[0].isReadable {
        do throws(Diagnostic) {
          let new = try readAvailable(0)
          if new.isEmpty { inputHasEnded = true }
          bytes += new
        } catch { (inputHasEnded, inputFailure) = (true, error) }
      }
    }
  }

  private func prompt(_ text: String) {
    guard showsPrompts else { return }
    var text = text
    // If nobody can see the prompt, the input ends soon as well.
    text.withUTF8 { try? writeAll(UnsafeRawBufferPointer($0), to: 1) }
  }
}

extension OpenConstruct {
  /// Whether what comes next is part of a text in quotes.
  var isQuote: Bool { if case .quote = self { true } else { false } }
}
