using System.Diagnostics.CodeAnalysis;

namespace DroneOps.Vehicles;

/// <summary>Facts that wait for the vehicle's owner. It is bounded: from a quarter of its capacity samples are not taken in, when full the
/// oldest fact goes. Both are counted; an owner that drains after every message meets neither.</summary>
internal sealed class FactQueue(int capacity)
{
    private readonly Queue<VehicleFact> _facts = new(64);

    public long SkippedSamples { get; private set; }

    public long LostFacts { get; private set; }

    public void Add(VehicleFact fact)
    {
        if (fact.IsSample && _facts.Count >= capacity / 4)
        {
            SkippedSamples++;
            return;
        }

        if (_facts.Count >= capacity)
        {
            _facts.Dequeue();
            LostFacts++;
        }

        _facts.Enqueue(fact);
    }

    public bool TryTake([NotNullWhen(true)] out VehicleFact? fact) => _facts.TryDequeue(out fact);
}
