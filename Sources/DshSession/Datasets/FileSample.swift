// Looks at the files of a `read`, all or some of very many, and settles what they have in common.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan
import DshSystem

/// What the files of one `read` tell when they are named.
struct FileSample {
  let request: ReadRequest
  let found: [FoundFile]
  let formats: [any FileFormat]
  let streams: InputStreams
  /// The files that stay decoded, as they were then.
  private(set) var decoded: [FoundFile: FileIdentity] = [:]

  init(request: ReadRequest, found: [FoundFile], formats: [any FileFormat], streams: InputStreams) {
    self.request = request
    self.found = found
    self.formats = formats
    self.streams = streams
  }

  /// A file that was looked at.
  private struct Seen {
    var file: FoundFile
    var look: InspectedFile
    /// Whether it is decoded by whoever reads it, as it was for the look.
    var isDecodedAnew = false
  }

  /// From so many files on, those that are small and compressed are decoded where they are read, and none of them stays open.
  private static let manyFiles = 64

  /// The files with their types so far, and what a person should know of how they are read.
  mutating func source(label: String) throws -> (FileSource, notes: [String]) {
    let small = (request.blockBytes ?? request.usualBlockBytes) / 4
    let isPlain = request.options.ofFormats.isEmpty && request.decoding == InputDecoding()
    let areSmall = found.map { file in isPlain && file.name == nil && (file.identity.map { $0.sizeBytes <= small } ?? false) }
    var sampling = FileSampling(
      zip(formats, areSmall).map { FileSampling.Candidate(kind: $0.name, mayBeAssumed: $1 && !request.looksAtAll) })
    var seen = try look(at: sampling.chosen, areSmall)
    var names = seen.mapValues { $0.look.description.schema.names }
    let first = sampling.chosen.count
    while sampling.refine(names) {
      let more = try look(at: sampling.chosen.filter { names[$0] == nil }, areSmall)
      names.merge(more.mapValues { $0.look.description.schema.names }) { $1 }
    }
    // What files tell together is settled for all of them.
    if sampling.chosen.count > first { seen = try look(at: sampling.chosen, areSmall) }
    // What is not looked at has to be told from what it may become.
    if seen.count < found.count { found.compactMap(\.identity).max { $0.changedNanoseconds < $1.changedNanoseconds }?.awaitTick() }
    let models = sampling.models(of: found.count) { seen[$0].map { $0.look.description.schema.count > 0 } ?? false }
    return try settled(label: label, seen, models)
  }

  private mutating func look(at chosen: [Int], _ areSmall: [Bool]) throws -> [Int: Seen] {
    var readable: [FoundFile] = []
    var passing: [Int] = []
    defer { for place in passing { streams.release(readable[place]) } }
    for index in chosen {
      let file = formats[index].reading?.isText == true ? try streams.decode(found[index], request.decoding) : found[index]
      if file != found[index] {
        if areSmall[index], found.count >= Self.manyFiles {
          passing.append(readable.count)
        } else {
          decoded[found[index]] = FileIdentity(try FileStatus(path: found[index].path))
        }
      }
      readable.append(file)
    }
    let named = zip(chosen, readable).map { FileToRead(path: $1.path, name: $1.name, format: formats[$0]) }
    let looks: [InspectedFile]
    do { looks = try inspect(named, options: request.options, attempts: Session.changeLimit) } catch let changed as FileChanged {
      let file = readable.first { $0.path.isExactly(changed.path) }
      throw Session.unstableFile(baseName(file?.name ?? changed.path))
    }
    var seen: [Int: Seen] = [:]
    for (place, index) in chosen.enumerated() {
      let isPassing = passing.contains(place)
      var one = Seen(file: isPassing ? found[index] : readable[place], look: looks[place], isDecodedAnew: isPassing)
      if isPassing, let own = found[index].identity { one.look.identity = own }
      seen[index] = one
    }
    return seen
  }

  private func settled(label: String, _ seen: [Int: Seen], _ models: [Int]) throws -> (FileSource, notes: [String]) {
    let partitions = PartitionColumns(of: found.map(\.partitions)) { request.options.types.given($0) }
    // A column that folders tell counts instead of one that files have.
    let own = seen.sorted { $0.key < $1.key }.map { index, file in
      var schema = file.look.description.schema
      schema.fields.removeAll { field in partitions.fields.contains { $0.name.isExactly(field.name) } }
      return (schema: schema, isText: formats[index].reading?.isText ?? true)
    }
    let folders = partitions.fields.isEmpty ? [] : [Schema(partitions.fields)]
    // Text and the names of folders don't tell types.
    let guessed = own.filter(\.isText).map(\.schema) + folders
    var schema = try request.options.types.schema(of: own.map(\.schema) + folders, guessed: guessed)
    var pathColumn: String?
    if request.withPath {
      pathColumn = schema.index(of: "path") == nil ? "path" : "file_path"
      schema.fields.append(Field(pathColumn ?? "path", .string))
    }
    let (shapes, places) = shapes(of: seen, schema)
    let files = try zip(found, models).enumerated().map { index, own in
      let (found, model) = own
      guard let seen = seen[model], let place = places[model] else { preconditionFailure("what a file is like has been looked at") }
      let (isSeen, description) = (model == index, seen.look.description)
      let isFound = isSeen && !seen.isDecodedAnew
      let known = isFound ? seen.file : found
      var file = SourceFile(
        path: known.path, givenName: known.name, identity: isSeen ? seen.look.identity : found.identity ?? .none, shape: place,
        knowledge: isFound ? .found(dataStart: description.dataStart, rowCount: description.rowCount) : .assumed)
      if request.ships { try ship(&file) }
      file.partition = try partitions.values(found.partitions, path: known.name ?? known.path)
      return file
    }
    var source = FileSource(
      label: label, shapes: shapes, files: files, schema: schema, pathColumn: pathColumn, blockBytes: request.usualBlockBytes)
    if let blockBytes = request.blockBytes { source.blockBytes = blockBytes }
    source.spreads = request.blockBytes == nil && request.blocks == nil && files.count < ReadRequest.manyFiles
    source.packs = !request.withRow
    if let blocks = request.blocks {
      let total = files.reduce(0) { $0 + $1.dataBytes }
      source.blockBytes = max(1, (total + blocks - 1) / blocks)
    }
    var notes: [String] = []
    for (_, file) in seen.sorted(by: { $0.key < $1.key }) {
      for note in file.look.description.notes where !notes.contains(note) { notes.append(note) }
    }
    return (source, notes)
  }

  /// Has a file read from what the cluster is given of it.
  private func ship(_ file: inout SourceFile) throws(Diagnostic) {
    guard let files = RemoteFileAccess.current, RemoteScheme(of: file.path) == nil else { return }
    guard file.givenName == nil else {
      throw Diagnostic(.invalidOptionValue, .user, "--ship is for files that are read as they are, and \(file.name) is not one of these")
    }
    file.givenName = file.path
    file.path = try files.ship(file.path, file.identity)
  }

  /// How the files are read that were looked at, each way once, and the place of each file's.
  private func shapes(of seen: [Int: Seen], _ schema: Schema) -> ([FileShape], places: [Int: Int]) {
    var shapes: [FileShape] = []
    var known: [FileShape: Int] = [:]
    var places: [Int: Int] = [:]
    for (index, file) in seen.sorted(by: { $0.key < $1.key }) {
      let description = file.look.description
      var shape = FileShape(format: formats[index].name, schema: description.schema, layout: description.layout)
      shape.schema.adoptTypes(of: schema)
      if known[shape] == nil {
        known[shape] = shapes.count
        shapes.append(shape)
      }
      places[index] = known[shape]
    }
    return (shapes, places)
  }
}
