// The editor of a real terminal: libedit reads keys and edits, dsh paints.

import CEditline
import DshDiagnostics
import DshLanguage
import DshSystem

/// An editor on standard input and output.
///
/// Belongs to one thread.
public final class LibeditLineEditor: LineEditor {
  /// Above this size the text is painted plainly: parsing it at every key would be felt.
  static let highlightLimitBytes = 64 << 10
  /// Above this size continuation prompts don't say what is open, because each takes a parse of the text before it.
  static let openConstructLimitBytes = 8 << 10
  /// How many rows a list of completions takes at most, short of the terminal's height.
  static let menuLimit = 20

  private let host: any EditorHost
  private let usesColor: Bool
  private let windowChange: EventDescriptor
  private var engine: OpaquePointer?
  private var model: EditorModel
  private var decoder = InputDecoder()
  /// Code points of a key sequence that libedit has still to read.
  private var pending: ArraySlice<Unicode.Scalar> = []
  private var pasted = ""
  private var menu: [CompletionItem] = []
  private var screen: PaintedScreen?
  private var size = (columns: 80, rows: 24)
  private var result: EditorResult?
  private var inputHasEnded = false

  /// Nil if standard input or output is no terminal, or one without cursor keys (`TERM=dumb`).
  ///
  /// - Parameter windowChange: raised by the signal of that name; the signal is watched only while a line is edited.
  public init?(host: any EditorHost, history: [String], usesColor: Bool, windowChange: EventDescriptor) {
    self.host = host
    self.usesColor = usesColor
    self.windowChange = windowChange
    model = EditorModel(history: History(history))
    if environmentVariable("TERM") == "dumb" { return nil }
    let context = Unmanaged.passUnretained(self).toOpaque()
    let callbacks = dsh_editline_callbacks(
      context: context,
      key: { context, number in
        // The context is the editor itself, which closes the engine before it goes.
        guard let context, let key = EditorKey(rawValue: number) else { return DSH_EDITLINE_CONTINUE }
        return Unmanaged<LibeditLineEditor>.fromOpaque(context).takeUnretainedValue().press(key)
      },
      read: { context, codePoint in
        guard let context, let codePoint else { return 0 }
        guard let scalar = Unmanaged<LibeditLineEditor>.fromOpaque(context).takeUnretainedValue().nextScalar() else { return 0 }
        codePoint.pointee = scalar.value
        return 1
      })
    guard let engine = dsh_editline_open("dsh", callbacks) else { return nil }
    self.engine = engine
    bindKeys(engine)
  }

  deinit { if let engine { dsh_editline_close(engine) } }

  private static let bindings: [(key: EditorKey, name: StaticString, sequences: [String])] = [
    (.enter, "dsh-enter", ["^M", "^J"]),
    (.newLine, "dsh-new-line", ["\\e^M", "\\e^J"]),
    (.interrupt, "dsh-interrupt", ["^C"]),
    (.endOfFile, "dsh-end-of-file", ["^D"]),
    (.suspend, "dsh-suspend", ["^Z"]),
    (.search, "dsh-search", ["^R"]),
    (.clearScreen, "dsh-clear-screen", ["^L"]),
    (.complete, "dsh-complete", ["^I"]),
    (.up, "dsh-up", ["\\e[A", "^P"]),
    (.down, "dsh-down", ["\\e[B", "^N"]),
    (.left, "dsh-left", ["\\e[D", "^B"]),
    (.right, "dsh-right", ["\\e[C", "^F"]),
    (.backspace, "dsh-backspace", ["^?", "^H"]),
    (.delete, "dsh-delete", ["\\e[3~"]),
    (.home, "dsh-home", ["\\e[H", "\\e[1~", "\\e[7~", "^A"]),
    (.end, "dsh-end", ["\\e[F", "\\e[4~", "\\e[8~", "^E"]),
    (.paste, "dsh-paste", ["\\e[200~"]),
  ]

  /// Keys bound to functions that libedit has.
  private static let builtInBindings: [(sequence: String, function: String)] = [
    ("\\e[1;5D", "ed-prev-word"), ("\\e[1;3D", "ed-prev-word"), ("\\e[1;5C", "em-next-word"), ("\\e[1;3C", "em-next-word"),
    ("\\e^?", "ed-delete-prev-word"), ("\\e^H", "ed-delete-prev-word"),
  ]

  /// The sequences bound above as the terminal sends them; others are swallowed.
  private static let knownSequences: Set<String> = Set(
    (bindings.flatMap(\.sequences) + builtInBindings.map(\.sequence)).filter { $0.hasPrefix("\\e[") }.map { "\u{1B}" + $0.dropFirst(2) })

  private func bindKeys(_ engine: OpaquePointer) {
    for (key, name, sequences) in Self.bindings {
      name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1) { pointer in
        // A static string lives for ever and ends in a zero byte.
        _ = dsh_editline_name(engine, key.rawValue, pointer)
        for sequence in sequences { _ = dsh_editline_bind(engine, sequence, pointer) }
      }
    }
    for (sequence, function) in Self.builtInBindings { _ = dsh_editline_bind(engine, sequence, function) }
  }

  public func readStatement() -> EditorResult {
    guard let engine, !inputHasEnded else { return .endOfInput }
    result = nil
    screen = nil
    menu = []
    readSize()
    Signal.windowChange.watch(with: windowChange)
    write("\u{1B}[?2004h")
    dsh_editline_read(engine)
    write("\u{1B}[?2004l")
    Signal.windowChange.restoreDefault()
    return result ?? .endOfInput
  }

  public func remember(_ statement: String) { model.history.add(statement) }

  // MARK: Keys

  private var line: EditedLine {
    guard let engine else { return EditedLine() }
    var text: UnsafePointer<CChar>?
    var length = 0
    let cursor = dsh_editline_line(engine, &text, &length)
    let bytes = UnsafeRawBufferPointer(start: text, count: length)
    return EditedLine(String(decoding: bytes, as: UTF8.self), cursor: cursor)
  }

  private func show(_ line: EditedLine) {
    guard let engine else { return }
    dsh_editline_replace(engine, line.text, line.cursor)
  }

  private func press(_ key: EditorKey) -> dsh_editline_answer {
    menu = []
    return perform(model.handle(key, line) { host.completeness(of: $0) })
  }

  private func perform(_ action: EditorAction) -> dsh_editline_answer {
    switch action {
    case .nothing: break
    case .show(let line): show(line)
    case .accept(let text): return leave(.statement(text))
    case .discard: return leave(.cancelled)
    case .end: return leave(.endOfInput)
    case .complete: complete()
    case .paste: show(line.inserting(pasted))
    case .search: return search()
    case .clearScreen:
      write("\u{1B}[H\u{1B}[2J")
      screen = nil
    case .suspend: suspend()
    }
    return DSH_EDITLINE_CONTINUE
  }

  /// Paints the line a last time with the cursor behind it, and goes to a fresh row.
  private func leave(_ result: EditorResult) -> dsh_editline_answer {
    menu = []
    paint(EditedLine(line.text))
    write(result == .cancelled ? "^C\r\n" : "\r\n")
    screen = nil
    self.result = result
    return DSH_EDITLINE_LEAVE
  }

  private func complete() {
    let line = self.line
    switch chooseCompletion(host.complete(line.text, at: line.cursor), in: line) {
    case .nothing: write("\u{7}")
    case .insert(let completed): show(completed)
    case .list(let completed, let items):
      show(completed)
      menu = items
    }
  }

  private func suspend() {
    guard let engine else { return }
    write((screen.map { screenErasure(of: $0) } ?? "") + "\u{1B}[?2004l")
    screen = nil
    dsh_editline_suspend(engine)
    readSize()
    write("\u{1B}[?2004h")
  }

  private func search() -> dsh_editline_answer {
    let before = line
    var search = HistorySearch(model.history)
    while true {
      let found = search.match ?? ""
      paint(EditedLine(found), prompt: search.prompt)
      guard let unit = nextUnit() else { return leave(.endOfInput) }
      switch search.handle(unit) {
      case .searching: continue
      case .refused: write("\u{7}")
      case .abandoned:
        show(before)
        return DSH_EDITLINE_CONTINUE
      case .run(let text):
        show(EditedLine(text))
        return perform(model.handle(.enter, EditedLine(text)) { host.completeness(of: $0) })
      case .edit(let text, let unit):
        show(EditedLine(text.isEmpty ? before.text : text))
        if let unit { queue(unit) }
        return DSH_EDITLINE_CONTINUE
      }
    }
  }

  // MARK: Input

  /// The next code point for libedit, painted for before waiting; nil at the end of input.
  private func nextScalar() -> Unicode.Scalar? {
    while pending.isEmpty {
      if decoder.isEmpty { paint(line) }
      guard let unit = nextUnit() else {
        inputHasEnded = true
        return nil
      }
      queue(unit)
    }
    return pending.popFirst()
  }

  /// Hands a unit to libedit as the code points it knows.
  private func queue(_ unit: InputUnit) {
    switch unit {
    case .character(let scalar):
      // A plain character closes the list of completions; keys close it themselves.
      if scalar.value >= 0x20 { menu = [] }
      pending = [scalar]
    case .sequence(let sequence):
      pending = Self.knownSequences.contains(sequence) ? ArraySlice(sequence.unicodeScalars) : []
    case .paste(let text):
      pasted = cleanedPaste(text)
      pending = ArraySlice("\u{1B}[200~".unicodeScalars)
    }
  }

  /// Waits for input, and meanwhile tells what happens elsewhere; nil at the end of input.
  private func nextUnit() -> InputUnit? {
    while true {
      if let unit = decoder.next() { return unit }
      let events = host.eventDescriptors
      var entries = [PollEntry(0), PollEntry(windowChange.number)] + events.map { PollEntry($0) }
      poll(&entries, milliseconds: -1)
      if entries[1].isReadable { resize() }
      if entries.dropFirst(2).contains(where: \.isReadable) { tellEvents() }
      if entries[0].isReadable {
        guard let bytes = try? readAvailable(0), !bytes.isEmpty else { return nil }
        decoder.feed(bytes)
      }
    }
  }

  private func tellEvents() {
    if let screen { write(screenErasure(of: screen)) }
    screen = nil
    host.handleEvents()
    paint(line)
  }

  private func resize() {
    windowChange.take()
    let before = size.columns
    readSize()
    if let engine { dsh_editline_resize(engine) }
    if let shown = screen, size.columns != before {
      write(screenErasure(of: reflowed(shown, width: size.columns)))
      screen = nil
    }
    paint(line)
  }

  private func readSize() { size = terminalSize(1) ?? (80, 24) }

  // MARK: Output

  private func paint(_ line: EditedLine, prompt: String = primaryPrompt) {
    let painter = LinePainter(width: size.columns, height: size.rows, usesColor: usesColor)
    let isSmall = line.text.utf8.count <= Self.highlightLimitBytes
    let rows = completionRows(menu, width: size.columns, limit: min(Self.menuLimit, max(1, size.rows - 2)))
    let new = painter.paint(
      line, prompt: prompt, continuation: continuation(of: line.text), spans: usesColor && isSmall ? host.highlight(line.text) : [],
      menu: rows)
    write(screenUpdate(from: screen, to: new))
    screen = new
  }

  /// What is open before each line of a text.
  private func continuation(of text: String) -> (Int) -> String {
    guard text.utf8.count <= Self.openConstructLimitBytes else { return { _ in continuationPrompt(open: nil) } }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return { [host] index in
      let before = lines.prefix(index).joined(separator: "\n")
      if case .incomplete(let open) = host.completeness(of: before) { return continuationPrompt(open: open.symbol) }
      return continuationPrompt(open: nil)
    }
  }

  private func write(_ text: String) {
    guard !text.isEmpty else { return }
    var text = text
    // A terminal that is gone ends the input as well; there is nothing to say to it.
    text.withUTF8 { try? writeAll(UnsafeRawBufferPointer($0), to: 1) }
  }
}
