import Synchronization
import Testing

@testable import Spectral

struct ThreadPoolTests {
  @Test("Every chunk runs once", arguments: [1, 2, 3, 8])
  func everyChunkOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    let counts = Scratch(100)
    for region in 0..<2000 {
      let chunks = region % 23
      counts.clear()
      pool.run(chunks) { counts.base[$0] += 1 }
      #expect((0..<100).allSatisfy { counts.base[$0] == ($0 < chunks ? 1 : 0) })
    }
  }

  @Test("Uneven chunks and sleeping workers lose nothing")
  func unevenChunks() {
    let pool = ThreadPool(threads: 3)
    let counts = Scratch(16)
    for region in 0..<300 {
      counts.clear()
      pool.run(16) { chunk in
        var x = 1.0
        for _ in 0..<((chunk * 37 + region) % 11 * 400) { x = x * 0.999 + 0.001 }
        counts.base[chunk] += x
      }
      #expect((0..<16).allSatisfy { abs(counts.base[$0] - 1) < 1e-9 })
      // Long enough for the workers to fall asleep, now and then.
      if region % 10 == 0 { for _ in 0..<100_000 where counts.base[0] < 0 { counts.clear() } }
    }
  }

  @Test("A region within a chunk runs inline")
  func nested() {
    let pool = ThreadPool(threads: 3)
    let counts = Scratch(64)
    for _ in 0..<200 {
      counts.clear()
      pool.run(8) { outer in pool.run(8) { inner in counts.base[outer * 8 + inner] += 1 } }
      #expect((0..<64).allSatisfy { counts.base[$0] == 1 })
    }
  }

  @Test("Callers on several threads share a pool")
  func severalCallers() {
    let (outer, inner) = (ThreadPool(threads: 3), ThreadPool(threads: 3))
    let total = TotalCount()
    for _ in 0..<200 { outer.run(6) { _ in inner.run(5) { _ in total.count.add(1, ordering: .relaxed) } } }
    #expect(total.count.load(ordering: .relaxed) == 200 * 30)
  }

  @Test("Pools come and go")
  func creation() {
    let total = TotalCount()
    for round in 0..<200 {
      let pool = ThreadPool(threads: 1 + round % 4)
      if round % 3 > 0 { pool.run(7) { _ in total.count.add(1, ordering: .relaxed) } }
    }
    #expect(total.count.load(ordering: .relaxed) == 133 * 7)
  }

  @Test("Planes are covered once by ranges that do not depend on the threads", arguments: [0, 1, 5, 8, 100])
  func planes(count: Int) {
    let partitions = [1, 3].map { threads in
      let starts = Scratch(count + 1)
      ThreadPool(threads: threads).forPlanes(count) { range in
        for plane in range { starts.base[plane] += Double(range.lowerBound + 1) }
      }
      return (0..<count).map { starts.base[$0] }
    }
    #expect(partitions[0] == partitions[1])
    #expect(partitions[0].allSatisfy { $0 >= 1 })
  }

  @Test("Sums give the same bits on 1, 2 and 3 threads")
  func sums() {
    let scratch = Scratch(1000)
    let sums = [1, 2, 3].map { threads in
      ThreadPool(threads: threads).sum(planes: 1000, scratch: scratch.base) { 1 / Double($0 + 1) }
    }
    #expect(sums[0] == sums[1] && sums[0] == sums[2])
    #expect(abs(sums[0] - 7.485470860550345) < 1e-12)
  }
}

private final class TotalCount: Sendable {
  let count = Atomic<Int>(0)
}
