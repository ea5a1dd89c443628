// Which of very many files are looked at, and which one stands for each of the others.
import Testing

@testable import DshSession

@Suite struct FileSamplingTests {
  private func sampling(_ count: Int, assumed: (Int) -> Bool = { _ in true }, kind: (Int) -> String = { _ in "csv" }) -> FileSampling {
    FileSampling((0..<count).map { FileSampling.Candidate(kind: kind($0), mayBeAssumed: assumed($0)) })
  }

  @Test func fewFilesAreAllLookedAt() {
    #expect(sampling(2 * FileSampling.lookCount).chosen.count == 2 * FileSampling.lookCount)
    #expect(sampling(0).chosen.isEmpty)
  }

  @Test func ofManySomeAreLookedAt() {
    let files = sampling(100_000)
    #expect(files.chosen.count == FileSampling.lookCount)
    #expect(files.chosen.first == 0 && files.chosen.last == 99_999)
    #expect(files.models(of: 100_000) { _ in true }.allSatisfy(files.chosen.contains))
  }

  @Test func whatMayNotStandUnseenIsLookedAt() {
    let files = sampling(2000, assumed: { $0 % 3 == 0 })
    #expect((0..<2000).filter { $0 % 3 != 0 }.allSatisfy(Set(files.chosen).contains))
    #expect(files.chosen.count == 2000 - 667 + FileSampling.lookCount)
  }

  @Test func aKindStandsForItself() {
    let files = sampling(4000, kind: { $0 % 2 == 0 ? "csv" : "jsonl" })
    for (file, model) in files.models(of: 4000, hasColumns: { _ in true }).enumerated() { #expect(file % 2 == model % 2 && model <= file) }
  }

  /// A column that comes at any file is found where it comes.
  @Test(arguments: [1, 700, 701, 1234, 1999]) func aBorderIsFoundByHalves(border: Int) {
    var files = sampling(2000)
    var rounds = 0
    repeat { rounds += 1 } while files.refine(Dictionary(uniqueKeysWithValues: files.chosen.map { ($0, [$0 < border ? "a" : "b"]) }))
    #expect(rounds < 8 && files.chosen.count < FileSampling.lookCount + 8)
    let models = files.models(of: 2000) { _ in true }
    for (file, model) in models.enumerated() { #expect((file < border) == (model < border)) }
  }

  @Test func filesWithoutColumnsAreLikeAnyOther() {
    var files = sampling(2000)
    let empty = Set(files.chosen.filter { $0 % 2 == 1 } + [0])
    let names = Dictionary(uniqueKeysWithValues: files.chosen.map { ($0, empty.contains($0) ? [] : ["a"]) })
    let wantsMore = files.refine(names)
    #expect(!wantsMore)
    for (file, model) in files.models(of: 2000, hasColumns: { !empty.contains($0) }).enumerated() where file != model {
      #expect(!empty.contains(model))
    }
  }
}
