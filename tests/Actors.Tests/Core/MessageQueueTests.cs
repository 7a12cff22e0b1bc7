using Actors.Core;

namespace EngineTests.Core;

public class MessageQueueTests
{
    private MessageQueue _queue;
    private TakenMessages _taken;

    [Fact]
    public void What_goes_in_first_comes_out_first()
    {
        Assert.Null(_taken.TryDequeue(ref _queue));
        for (var round = 0; round < 3; round++)
        {
            Enqueue(1, 2, 3);
            Assert.Equal(3, _queue.Count());
            Assert.Equal([1, 2, 3], Drain());
            Assert.True(_queue.IsEmpty);
        }
    }

    [Fact]
    public void Prepended_messages_come_before_those_that_wait()
    {
        Prepend(1, 2);
        Assert.Equal([1, 2], Drain());
        Enqueue(3, 4);
        Prepend(1, 2);
        Enqueue(5);
        Assert.Equal([1, 2, 3, 4, 5], Drain());
    }

    [Fact]
    public void With_many_producers_nothing_is_lost_or_doubled_and_each_keeps_its_order()
    {
        const int Producers = 4;
        const int Each = 50_000;
        var producers = Enumerable.Range(0, Producers).Select(p => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                _queue.Enqueue(new MailItem((p, i), null));
            }
        })).ToList();
        producers.ForEach(p => p.Start());
        var next = new int[Producers];
        var random = new Random(1);
        var received = 0;
        while (received < Producers * Each)
        {
            if (_taken.TryDequeue(ref _queue) is not { } item)
            {
                Thread.Yield();
                continue;
            }

            // Now and then one is put back, as a stash does.
            if (random.Next(100) == 0)
            {
                _taken.Prepend([item]);
                continue;
            }

            var (producer, number) = ((int, int))item.Message;
            Assert.Equal(next[producer]++, number);
            received++;
        }

        producers.ForEach(p => p.Join());
        Assert.Null(_taken.TryDequeue(ref _queue));
    }

    private void Enqueue(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            _queue.Enqueue(new MailItem(number, null));
        }
    }

    private void Prepend(int first, int second)
    {
        _taken.Prepend([new MailItem(first, null), new MailItem(second, null)]);
    }

    private List<int> Drain()
    {
        var all = new List<int>();
        while (_taken.TryDequeue(ref _queue) is { } item)
        {
            all.Add((int)item.Message);
        }

        return all;
    }
}
