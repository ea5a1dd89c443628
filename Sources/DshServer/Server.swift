// The session behind a transport: requests in, events out (docs/protocol.md).

import DshBackend
import DshDiagnostics
import DshFormats
import DshLanguage
import DshRender
import DshSession
import DshSystem

/// Serves one program. Requests are received on a thread of their own, so that an interrupt gets through; the session belongs to the thread of `run`.
public final class Server {
  let session: Session
  let transport: Transport
  let inbox: Inbox
  private let printed: PrintedOutput

  /// Changes when a program that speaks an older one would go wrong.
  public static let protocolNumber = 1
  /// After the end of its input a run that does not stop is left to its own.
  private static let endMilliseconds = 2000
  private static let defaultWidth = 100

  /// - Throws: what making its events throws.
  public init(_ session: Session, _ transport: Transport) throws(Diagnostic) {
    self.session = session
    self.transport = transport
    let interruption = try EventDescriptor()
    inbox = Inbox(arrival: try EventDescriptor(), interruption: interruption)
    Signal.interrupt.watch(with: interruption)
    Signal.brokenPipe.ignore()
    printed = PrintedOutput { [transport] text in
      var message = OutgoingMessage(event: "output")
      message["kind"] = .string("printed")
      message["text"] = .string(text)
      transport.send(message)
    }
    session.lendTerminal = { [printed] in printed.lend($0) }
    transport.onBreak { [inbox] in inbox.end(isGone: true) }
    session.options.announcesDatasets = true
  }

  /// Serves until there are no more requests, or a statement quits.
  public func run() throws(Diagnostic) {
    var hello = OutgoingMessage(event: "hello")
    hello["protocol"] = JSONValue(Self.protocolNumber)
    hello["version"] = .string(session.options.version)
    hello["process"] = JSONValue(Int(ownProcessID()))
    transport.send(hello)
    try startReceiving()
    while true {
      tellNews()
      while let (request, isCancelled) = inbox.begin() {
        let goesOn = isCancelled ? refuse(request) : serve(request)
        inbox.finish()
        if !goesOn { return }
        tellNews()
      }
      if inbox.isEnded { return }
      var entries = ([inbox.arrival.number] + session.backend.pollNumbers).map { PollEntry($0) }
      pollOrEnd(&entries, milliseconds: -1)
      inbox.arrival.take()
    }
  }

  private func tellNews() {
    for text in session.backend.takeNotices() {
      var notice = OutgoingMessage(event: "notice")
      notice["text"] = .string(text)
      transport.send(notice)
    }
  }

  // MARK: Receiving

  private func startReceiving() throws(Diagnostic) {
    let (transport, inbox) = (transport, inbox)
    try startThread {
      var assembler = MessageAssembler()
      while true {
        let bytes = transport.receive()
        if bytes.isEmpty { break }
        assembler.append(bytes)
        do throws(MessageAssembler.Overflow) {
          while let arrival = try assembler.next() { Self.take(arrival, inbox, transport) }
        } catch {
          Self.refuse(RequestMistake(id: nil, problem: error.problem), transport)
          break
        }
      }
      // The other end of a socket is gone with its end; what came through a pipe is still worked off.
      inbox.end(isGone: transport.carriesDescriptors)
      guard transport.carriesDescriptors else { return }
      var nothing: [PollEntry] = []
      pollOrEnd(&nothing, milliseconds: Self.endMilliseconds)
      // A run that can't be cancelled is not waited for: nodes end with this process.
      exitAtOnce(0)
    }
  }

  private static func take(_ arrival: MessageAssembler.Arrival, _ inbox: Inbox, _ transport: Transport) {
    do throws(RequestMistake) {
      switch arrival {
      case .unreadable(let problem): throw RequestMistake(id: nil, problem: problem)
      case .message(let message): inbox.receive(try Request(message))
      }
    } catch { refuse(error, transport) }
  }

  /// Says that a message is no request.
  private static func refuse(_ mistake: RequestMistake, _ transport: Transport) {
    let diagnostic = Diagnostic(.badRequest, mistake.problem)
    let messages = OutputMessages(
      id: mistake.id ?? 0, settings: RenderSettings(), format: .table, wantsPictures: false, withTimes: false)
    var error = messages.message(diagnostic, in: nil, mended: nil)
    if mistake.id == nil { error.removeID() }
    transport.send(error)
    var done = OutgoingMessage(event: "done", id: mistake.id)
    done["outcome"] = .string("failed")
    transport.send(done)
  }

  // MARK: Serving

  /// One that was cancelled before it began.
  private func refuse(_ request: Request) -> Bool {
    done(request.id, "cancelled")
    return true
  }

  func done(_ id: Int, _ outcome: String) {
    var message = OutgoingMessage(event: "done", id: id)
    message["outcome"] = .string(outcome)
    transport.send(message)
  }

  /// Answers; whether to go on.
  private func serve(_ request: Request) -> Bool {
    session.observer.cancellation = inbox.interruption.number
    defer { session.observer = RunObserver() }
    if case .run(let run) = request.action { return serve(run, request.id) }
    do { transport.send(try answer(request)) } catch {
      let diagnostics = (error as? StatementFailure)?.diagnostics ?? (error as? DiagnosticList)?.diagnostics ?? [Self.diagnostic(error)]
      let messages = messages(request.id, RunRequest(text: ""))
      for diagnostic in diagnostics { transport.send(messages.message(diagnostic, in: (error as? StatementFailure)?.source, mended: nil)) }
      done(request.id, diagnostics.contains { $0.category == .cancelled } ? "cancelled" : "failed")
    }
    return true
  }

  private static func diagnostic(_ error: any Error) -> Diagnostic {
    error as? Diagnostic ?? Diagnostic(.unexpected, "unexpected: \(error)")
  }

  private func messages(_ id: Int, _ run: RunRequest) -> OutputMessages {
    let settings = session.settings
    let width = settings.width ?? run.width ?? Self.defaultWidth
    return OutputMessages(
      id: id,
      settings: RenderSettings(width: width == 0 ? nil : width, drawing: .unicode, rowLimit: settings.rows, digits: settings.digits),
      format: settings.format, wantsPictures: run.wantsPictures, withTimes: !session.options.isDeterministic)
  }

  private func serve(_ run: RunRequest, _ id: Int) -> Bool {
    let source = SourceText(name: run.name, text: run.text)
    session.observer.progress = { [transport, messages = messages(id, run)] in transport.send(messages.message($0)) }
    session.observer.news = { [transport, messages = messages(id, run)] text in
      transport.send(messages.message(.notice(text)))
    }
    session.options.keepsGoing = run.keepsGoing
    var outcome = "finished"
    let end = session.run(
      source,
      emit: { transport.send(messages(id, run).message($0)) },
      echo: run.echoes
        ? { [transport] text in
          var message = OutgoingMessage(event: "statement", id: id)
          message["text"] = .string(text)
          transport.send(message)
        } : nil,
      onFailure: { failure in
        let isCancelled = failure.diagnostics.contains { $0.category == .cancelled }
        let mended = failure.source == source ? session.mended(run.text, by: failure.diagnostics) : nil
        for diagnostic in failure.diagnostics { transport.send(messages(id, run).message(diagnostic, in: failure.source, mended: mended)) }
        outcome = isCancelled ? "cancelled" : "failed"
        return run.keepsGoing && !isCancelled
      })
    done(id, end == .quit ? "quit" : outcome)
    return end != .quit
  }
}
