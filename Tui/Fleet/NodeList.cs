using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

internal enum NodeColumn
{
    State,
    Name,
    Cpu,
    Memory,
    Swap,
    Disk,
    Receive,
    Transmit,
    Load,
}

/// <summary>The nodes in the order and under the filter that the person has chosen, with one of them selected.</summary>
/// <remarks>
/// Selection sticks to a node once it has been moved to; before, and after Home, it is whatever stands first. So a list sorted by a
/// number that changes each second neither drags the view along nor loses the node one is looking at.
/// </remarks>
internal sealed class NodeList
{
    private readonly List<FleetRow> _rows = [];
    private readonly RowOrder _order = new();
    private NodeFilter _filter = NodeFilter.None;
    private int _shape = -1;
    private bool _stale = true;
    private string? _selectedId;

    public IReadOnlyList<FleetRow> Rows => _rows;

    public NodeColumn SortColumn => _order.Column;

    public bool Descending => _order.Descending;

    public int SelectedIndex { get; private set; }

    public int Top { get; private set; }

    public FleetRow? Selected => SelectedIndex < _rows.Count ? _rows[SelectedIndex] : null;

    public string FilterText
    {
        get => _filter.Text;
        set
        {
            _filter = NodeFilter.Parse(value);
            _stale = true;
        }
    }

    /// <summary>Sorts by this column; by the same again, the other way round.</summary>
    public void SortBy(NodeColumn column)
    {
        // Names rise, numbers fall: what people want to see first.
        _order.Descending = column == _order.Column ? !_order.Descending : column is not (NodeColumn.Name or NodeColumn.State);
        _order.Column = column;
        _stale = true;
    }

    /// <summary>Turns the order round.</summary>
    public void Reverse() => SortBy(_order.Column);

    /// <summary>Brings the rows up to date with the fleet.</summary>
    public void Refresh(FleetState fleet)
    {
        if (_shape != fleet.Shape || _stale || _filter.Text.Length > 0)
        {
            _rows.Clear();
            foreach (var row in fleet.Rows)
            {
                if (_filter.Matches(row))
                {
                    _rows.Add(row);
                }
            }
        }
        else if (_order.Column == NodeColumn.Name)
        {
            return;
        }

        (_shape, _stale) = (fleet.Shape, false);
        _rows.Sort(_order);
        FindSelected();
    }

    /// <summary>Moves the selection by some rows.</summary>
    public void Move(int by) => Select(SelectedIndex + by);

    /// <summary>Selects a row by its place in the list; far outside means first or last.</summary>
    public void Select(int index)
    {
        SelectedIndex = Math.Clamp(index, 0, Math.Max(0, _rows.Count - 1));
        _selectedId = SelectedIndex == 0 ? null : Selected?.Id;
    }

    /// <summary>Selects a node by its id, if it is in the list.</summary>
    public void Select(string id)
    {
        var index = _rows.FindIndex(r => r.Id == id);
        if (index >= 0)
        {
            SelectedIndex = index;
            _selectedId = id;
        }
    }

    /// <summary>Moves the view over the list, and the selection only as far as it must.</summary>
    public void Scroll(int by, int height)
    {
        Top = Math.Clamp(Top + by, 0, Math.Max(0, _rows.Count - height));
        if (height > 0)
        {
            var kept = Math.Clamp(SelectedIndex, Top, Top + height - 1);
            if (kept != SelectedIndex)
            {
                Select(kept);
            }
        }
    }

    /// <summary>Keeps the selection in a view of this many rows.</summary>
    public void Fit(int height)
    {
        if (height <= 0)
        {
            return;
        }

        if (SelectedIndex < Top)
        {
            Top = SelectedIndex;
        }
        else if (SelectedIndex >= Top + height)
        {
            Top = SelectedIndex - height + 1;
        }

        Top = Math.Clamp(Top, 0, Math.Max(0, _rows.Count - height));
    }

    private void FindSelected()
    {
        if (_selectedId is null)
        {
            SelectedIndex = 0;
            return;
        }

        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Id == _selectedId)
            {
                SelectedIndex = i;
                return;
            }
        }

        SelectedIndex = Math.Clamp(SelectedIndex, 0, Math.Max(0, _rows.Count - 1));
    }

    private sealed class RowOrder : IComparer<FleetRow>
    {
        public NodeColumn Column { get; set; } = NodeColumn.Name;

        public bool Descending { get; set; }

        public int Compare(FleetRow? x, FleetRow? y)
        {
            if (ReferenceEquals(x, y) || x is null || y is null)
            {
                return 0;
            }

            var order = Column switch
            {
                NodeColumn.Name => 0,
                NodeColumn.State => Urgency(y.State).CompareTo(Urgency(x.State)),
                _ => Number(x, y),
            };
            if (order == 0 && Column != NodeColumn.Name)
            {
                return ByName(x, y);
            }

            order = Column == NodeColumn.Name ? ByName(x, y) : order;
            return Descending ? -order : order;
        }

        /// <summary>A row without the number comes last, whichever way round.</summary>
        private int Number(FleetRow x, FleetRow y)
        {
            double a = Value(x), b = Value(y);
            return (double.IsNaN(a), double.IsNaN(b)) switch
            {
                (true, true) => 0,
                (true, false) => Descending ? -1 : 1,
                (false, true) => Descending ? 1 : -1,
                _ => a.CompareTo(b),
            };
        }

        private double Value(FleetRow row) => !row.HasNumbers ? double.NaN : Column switch
        {
            NodeColumn.Cpu => row.Vitals.Cpu,
            NodeColumn.Memory => row.Vitals.Memory,
            NodeColumn.Swap => row.Vitals.Swap,
            NodeColumn.Disk => row.Vitals.Disk,
            NodeColumn.Receive => row.Vitals.RxBytesPerS,
            NodeColumn.Transmit => row.Vitals.TxBytesPerS,
            _ => row.Vitals.Load1,
        };

        private static int ByName(FleetRow x, FleetRow y)
        {
            var order = NaturalOrder.Compare(x.Name, y.Name);
            return order != 0 ? order : string.CompareOrdinal(x.Id, y.Id);
        }

        /// <summary>What needs a person first.</summary>
        private static int Urgency(AvailabilityState state) => state switch
        {
            AvailabilityState.AvailabilityDown => 7,
            AvailabilityState.AvailabilityUnreachable => 6,
            AvailabilityState.AvailabilitySuspect => 5,
            AvailabilityState.AvailabilityUnknown => 4,
            AvailabilityState.AvailabilityJoining => 3,
            AvailabilityState.AvailabilityUp => 2,
            AvailabilityState.AvailabilityExpectedOff => 1,
            _ => 0,
        };
    }
}
