// The editor of a real terminal: libedit reads keys and edits, dsh paints.

import CEditline
import DshDiagnostics
import DshLanguage
import DshSession
import DshSystem
import DshRender

/// An editor on standard input and output.
///
/// Belongs to one thread.
public final class LibeditLineEditor: LineEditor {
  /// Above this size the text is painted plainly: parsing it at every key would be felt.
  static let highlightLimitBytes = 64 << 10
  /// The files of a text are looked at when no key has come for this long.
  static let pauseMilliseconds = 150

  private let host: any EditorHost
  private let windowChange: EventDescriptor
  private var engine: OpaquePointer?
  private var screen: EditorScreen
  private var model: EditorModel
  private var prompts = ContinuationPrompts()
  private var decoder = InputDecoder()
  /// Code points of a key that libedit has still to read.
  private var pending: ArraySlice<Unicode.Scalar> = []
  private var pasted = ""
  private var result: EditorResult?
  private var inputHasEnded = false
  private var inputFailure: Diagnostic?
  /// The keys in force, and those that the user's editrc file chose.
  private var mode = EditMode.emacs
  private var ownMode = EditMode.emacs
  /// The text whose files have been looked at.
  private var examinedText = ""

  /// Nil if standard input or output is no terminal, or one without cursor keys (`TERM=dumb`).
  ///
  /// - Parameter windowChange: raised by the signal of that name; the signal is watched only while a line is edited.
  public init?(host: any EditorHost, history: [String], usesColor: Bool, windowChange: EventDescriptor) {
    self.host = host
    self.windowChange = windowChange
    screen = EditorScreen(usesColor: usesColor)
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
    ownMode = dsh_editline_is_vi(engine) != 0 ? .vi : .emacs
    nameFunctions(engine)
    setMode(host.editMode ?? ownMode)
  }

  deinit { if let engine { dsh_editline_close(engine) } }

  private func nameFunctions(_ engine: OpaquePointer) {
    for key in EditorKey.allCases {
      key.functionName.utf8Start.withMemoryRebound(to: CChar.self, capacity: key.functionName.utf8CodeUnitCount + 1) { pointer in
        // A static string lives for ever and ends in a zero byte.
        _ = dsh_editline_name(engine, key.rawValue, pointer)
      }
    }
  }

  /// Chooses a set of keys, which takes all earlier bindings away, and binds dsh's own on top.
  private func setMode(_ mode: EditMode) {
    guard let engine else { return }
    self.mode = mode
    if mode != ownMode || dsh_editline_is_vi(engine) != (mode == .vi ? 1 : 0) { dsh_editline_set_vi(engine, mode == .vi ? 1 : 0) }
    for key in EditorKey.allCases {
      let name = "\(key.functionName)"
      for control in key.controls + [key.scalarNotation] { dsh_editline_bind(engine, control, name) }
      switch mode {
      case .emacs: for control in key.emacsControls { dsh_editline_bind(engine, control, name) }
      case .vi: for letter in key.viCommands { dsh_editline_bind_command(engine, letter, name) }
      }
    }
    for key in BuiltInKey.all { dsh_editline_bind(engine, key.scalarNotation, key.function) }
  }

  /// Where a prompt and where output begins, for terminals that jump from prompt to prompt or fold output (the semantic prompts of FinalTerm,
  /// OSC 133); others pass over them.
  private static let promptMark = "\u{1B}]133;A\u{7}"
  private static let outputMark = "\u{1B}]133;C\u{7}"

  public func readStatement() -> EditorResult {
    guard let engine, !inputHasEnded else { return .endOfInput }
    result = nil
    screen.forget()
    model.begin(offering: host.offeredStatement)
    examinedText = ""
    let wanted = host.editMode ?? ownMode
    if wanted != mode { setMode(wanted) }
    screen.readSize()
    Signal.windowChange.watch(with: windowChange)
    screen.write(Self.promptMark + "\u{1B}[?2004h")
    dsh_editline_read(engine)
    // A function of libedit's own may have ended the line, bound by the person's editrc file.
    if result == nil, !inputHasEnded { _ = leave(.statement(line.text.split(separator: "\n").joined(separator: "\n"))) }
    screen.write("\u{1B}[?2004l")
    if case .statement? = result { screen.write(Self.outputMark) }
    Signal.windowChange.restoreDefault()
    if let inputFailure, result == nil || result == .endOfInput { return .failed(inputFailure) }
    return result ?? .endOfInput
  }

  public func remember(_ statement: String) { model.history.add(statement) }

  public func feed(_ typed: [UInt8]) { decoder.feed(typed) }

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
    perform(model.handle(key, line) { host.completeness(of: $0) })
  }

  private func perform(_ action: EditorAction) -> dsh_editline_answer {
    switch action {
    case .nothing: break
    case .refuse: screen.write("\u{7}")
    case .show(let line): show(line)
    case .accept(let text): return leave(.statement(text))
    case .discard: return leave(.cancelled)
    case .end: return leave(.endOfInput)
    case .complete: complete()
    case .paste: show(line.inserting(pasted))
    case .search: return search()
    case .clearScreen:
      screen.write("\u{1B}[H\u{1B}[2J")
      screen.forget()
    case .suspend: suspend()
    case .editExternally: editExternally()
    }
    return DSH_EDITLINE_CONTINUE
  }

  /// Paints the line a last time with the cursor behind it, and goes to a fresh row.
  private func leave(_ result: EditorResult) -> dsh_editline_answer {
    model.begin()
    paint(EditedLine(line.text), isFinal: true)
    screen.write(result == .cancelled ? "^C\r\n" : "\r\n")
    screen.forget()
    self.result = result
    return DSH_EDITLINE_LEAVE
  }

  private func complete() {
    let line = self.line
    switch chooseCompletion(host.complete(line.text, at: line.cursor), in: line) {
    case .nothing: screen.write("\u{7}")
    case .insert(let completed): show(completed)
    case .list(let completed, let menu):
      show(completed)
      model.open(menu)
    }
  }

  private func suspend() {
    guard let engine else { return }
    screen.erase()
    screen.write("\u{1B}[?2004l")
    dsh_editline_suspend(engine)
    screen.readSize()
    screen.write("\u{1B}[?2004h")
  }

  private func editExternally() {
    guard let engine else { return }
    guard host.startsPrograms else {
      screen.write("\u{7}")
      return
    }
    screen.erase()
    screen.write("\u{1B}[?2004l")
    dsh_editline_prepare_terminal(engine, 0)
    defer {
      dsh_editline_prepare_terminal(engine, 1)
      screen.readSize()
      screen.write("\u{1B}[?2004h")
    }
    do throws(Diagnostic) {
      if let text = try ExternalEditor(environment: environmentVariable).edit(line.text) { show(EditedLine(text)) }
    } catch { screen.write(escapingControls(error.message) + "\r\n") }
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
      case .refused: screen.write("\u{7}")
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
      // A character closes the list of completions, unless it is a key that has a say in it.
      if scalar.value >= 0x20, scalar != "\u{7F}" { model.closeMenu() }
      pending = (0x80..<0xA0).contains(scalar.value) ? [] : [scalar]
    case .sequence(let sequence):
      if let key = EditorKey.key(sequence: sequence) {
        pending = [key.scalar]
      } else if let key = BuiltInKey.all.first(where: { $0.sequence == sequence }) {
        model.closeMenu()
        pending = [key.scalar]
      } else {
        pending = []
      }
    case .paste(let text):
      pasted = cleanedPaste(text)
      pending = [EditorKey.paste.scalar]
    }
  }

  /// Waits for input, and meanwhile tells what happens elsewhere; nil at the end of input.
  private func nextUnit() -> InputUnit? {
    while true {
      if let unit = decoder.next() { return unit }
      let text = line.text
      let events = host.eventDescriptors
      var entries = [PollEntry(0), PollEntry(windowChange.number)] + events.map { PollEntry($0) }
      pollOrEnd(&entries, milliseconds: text == examinedText ? -1 : Self.pauseMilliseconds)
      if !entries.contains(where: \.isReadable), text != examinedText {
        examinedText = text
        if host.lookAhead(text) { paint(line) }
        continue
      }
      if entries[1].isReadable { resize() }
      if entries.dropFirst(2).contains(where: \.isReadable) { tellEvents() }
      if entries[0].isReadable {
        do throws(Diagnostic) {
          let bytes = try readAvailable(0)
          if bytes.isEmpty { return nil }
          decoder.feed(bytes)
        } catch {
          inputFailure = error
          return nil
        }
      }
    }
  }

  private func tellEvents() {
    screen.erase()
    host.handleEvents()
    paint(line)
  }

  private func resize() {
    windowChange.take()
    // libedit is not told before its next line: it would make its picture of the screen smaller and go on where its cursor was, outside of
    // that. What it paints goes nowhere.
    screen.resize()
    paint(line)
  }

  // MARK: Output

  private func paint(_ line: EditedLine, prompt: String = primaryPrompt, isFinal: Bool = false) {
    let isTyped = prompt == primaryPrompt
    let isSmall = line.text.utf8.count <= Self.highlightLimitBytes
    if isTyped, !isFinal {
      // Without colour a suggestion could not be told from what was typed.
      model.note(line, suggests: isSmall && screen.usesColor && host.suggestsHistory) { host.fits($0) }
    }
    var picture = EditedPicture(line, prompt: prompt)
    picture.continuation = prompts.update(for: line.text) { host.completeness(of: $0) }
    if screen.usesColor, isSmall { picture.spans = host.highlight(line.text, cursor: isFinal ? -1 : line.cursor) }
    if isTyped, !isFinal {
      picture.ghost = model.suggestion.rest(behind: line)
      picture.menu = model.menu
    }
    screen.paint(picture)
  }
}
